import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { beginAnew, hasReplies, keepSettings } from "./change-run.ts";
import { createRunFolder, openRunFolder } from "./run-folder.ts";

test("a run is not begun anew while one of two batches that were made for one is open", async () => {
  const directory = await mkdtemp(join(tmpdir(), "agentrefine-run-"));
  try {
    const description = { createdAt: "2026-01-01T00:00:00Z", agentrefine: "0", settings: {}, prices: null };
    const run = await createRunFolder(join(directory, "run"), description);
    const events = [
      { event: "planned", batch: "a" },
      { event: "created", batch: "a", id: "1" },
      { event: "created", batch: "a", id: "2" },
      { event: "taken", batch: "a", id: "1" },
    ];
    const text = (lines: readonly object[]): string =>
      lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    for (const count of [1, 2, 4]) {
      await writeFile(run.paths.batches, text(events.slice(0, count)));
      expect(await hasReplies(run)).toBe(true);
    }
    await writeFile(run.paths.batches, text([...events, { event: "taken", batch: "a", id: "2" }]));
    expect(await hasReplies(run)).toBe(false);
    await writeFile(run.paths.batches, text([events[0] ?? {}, { event: "taken", batch: "a" }]));
    expect(await hasReplies(run)).toBe(false);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("settings that another process has changed since they were read are not written over", async () => {
  const directory = await mkdtemp(join(tmpdir(), "agentrefine-run-"));
  try {
    const note = (): void => {};
    const beginning = { settings: { limit: 4 }, price: null, now: 0 };
    const run = await createRunFolder(join(directory, "run"), {
      createdAt: "2026-01-01T00:00:00Z",
      agentrefine: "0",
      settings: beginning.settings,
      prices: null,
    });
    const grown = await keepSettings(run, { limit: 8 }, note);
    expect(grown.description.settings).toEqual({ limit: 8 });
    for (const work of [() => keepSettings(run, { limit: 6 }, note), () => beginAnew(run, beginning, note)]) {
      await expect(work()).rejects.toMatchObject({
        message: `another process has just changed the settings of ${run.directory}`,
        fix: "Give the command again.",
      });
    }
    expect((await openRunFolder(run.directory)).description).toEqual(grown.description);
  } finally {
    await rm(directory, { recursive: true });
  }
});
