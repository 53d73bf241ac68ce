import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { type ExportOptions, exportRun } from "./export-run.ts";
import { mixData } from "./mix-data.ts";

/** A run of commit a1e82af: `generate --model offline --limit 4 --no-stream`; its second persona ended first. */
const RUN = fileURLToPath(new URL("./testing/first-version", import.meta.url));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-export-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function exported(options: Partial<ExportOptions>, run = RUN): Promise<readonly string[]> {
  await exportRun(run, { out: join(folder, "rows.jsonl"), replace: true, ...options });
  return (await readFile(join(folder, "rows.jsonl"), "utf8")).split("\n").slice(0, -1);
}

/** What that commit exported, whose rows stood in the order in which the personas had ended. */
const FIRST_VERSION: readonly (readonly [Partial<ExportOptions>, rows: number, hash: string])[] = [
  [{ format: "conversations" }, 3, "c373c2bb74de60c4"],
  [{ format: "messages" }, 3, "07fd0d3c95cdd2af"],
  [{ format: "openai" }, 3, "d2b23c7aefe88612"],
  [{ format: "together" }, 3, "b58b86ccc640a253"],
  [{ format: "llamafactory-v1" }, 3, "7a697fde2fa765d6"],
  [{ format: "prefix" }, 34, "5853efdc93b47683"],
  [{ format: "prompt-completion" }, 34, "9a6ee7e5d714870e"],
  [{ format: "trajectories" }, 3, "2f74559f0b21bb1d"],
  [{ format: "messages", ablation: "no-verification" }, 3, "0cd7cc73e1ff1387"],
  [{ format: "messages", ablation: "no-refinement-loss" }, 3, "73ae7c455a3299a3"],
  [{ format: "messages", ablation: "erroneous-loss" }, 3, "8a3e0385c2e1a3cb"],
  [{ format: "messages", subset: { size: 2, seed: 3 } }, 2, "7187f9ffb0200ec8"],
];

test.each(FIRST_VERSION)(
  "%j of a run of the first version has the same rows",
  async (options, count, hash) => {
    const rows = await exported(options);
    expect(rows).toHaveLength(count);
    const sorted = [...rows].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const sum = createHash("sha256")
      .update(`${sorted.join("\n")}\n`)
      .digest("hex");
    expect(sum.slice(0, 16)).toBe(hash);
  },
);

const ids = (rows: readonly string[]): readonly string[] => rows.map((row) => JSON.parse(row).id);

describe("exportRun", () => {
  it("never replaces a file of the run, under another name neither", async () => {
    const run = join(folder, "run");
    await cp(RUN, run, { recursive: true });
    const calls = join(run, "calls.jsonl");
    const before = await readFile(calls, "utf8");
    const [link, rows, linked] = [join(folder, "a.jsonl"), join(folder, "b.jsonl"), join(folder, "linked")];
    await symlink(calls, link);
    await symlink(calls, `${rows}.README.md`);
    await symlink(run, linked);
    const through = join(linked, "calls.jsonl");
    for (const [out, name] of [
      [calls, calls],
      [link, link],
      [through, through],
      [rows, `${rows}.README.md`],
    ] as const) {
      await expect(exportRun(run, { out, replace: true })).rejects.toThrow(
        `${name} is what the rows are read from`,
      );
    }
    await expect(exportRun(linked, { out: calls, replace: true })).rejects.toThrow("rows are read from");
    expect(await readFile(calls, "utf8")).toBe(before);
  });

  it("writes rows in the order of the personas, whatever the order in which they ended, each once", async () => {
    const personas = (await readFile(join(RUN, "personas.jsonl"), "utf8")).trim().split("\n");
    const order = ids(personas);
    const rows = await exported({});
    expect(ids(rows)).toEqual(order.filter((id) => ids(rows).includes(id)));
    const copy = join(folder, "copy");
    await cp(RUN, copy, { recursive: true });
    const records = (await readFile(join(RUN, "syntheses.jsonl"), "utf8")).trim().split("\n");
    const twice = [...records].reverse().concat(records[0] ?? "");
    await writeFile(join(copy, "syntheses.jsonl"), `${twice.join("\n")}\n`);
    expect(await exported({}, copy)).toEqual(rows);
    const unverified = { format: "messages", ablation: "no-verification" } as const;
    expect(ids(await exported(unverified, copy))).toEqual(ids(await exported(unverified)));
  });

  it("takes the later record of a persona that failed and was tried again", async () => {
    const copy = join(folder, "copy");
    await cp(RUN, copy, { recursive: true });
    const records = await readFile(join(RUN, "syntheses.jsonl"), "utf8");
    const [first = ""] = records.split("\n");
    const { index, id, persona } = JSON.parse(first);
    const failed = { index, id, persona, outcome: "failed", calls: 1, faults: [], reason: "it was down" };
    await writeFile(join(copy, "syntheses.jsonl"), `${JSON.stringify(failed)}\n${records}`);
    const result = await exportRun(copy, { out: "rows.jsonl", directory: folder });
    expect(result).toMatchObject({ rows: 3, replaces: false, source: { ended: 4, personas: 4 } });
    await writeFile(join(copy, "syntheses.jsonl"), `${first}\n${JSON.stringify(failed)}\n`);
    expect((await exportRun(copy, { out: "one.jsonl", directory: folder })).rows).toBe(1);
  });

  it("refuses the folder of an evaluation, and what an engine would train the mistakes of", async () => {
    const copy = join(folder, "copy");
    await cp(RUN, copy, { recursive: true });
    const description = JSON.parse(await readFile(join(RUN, "run.json"), "utf8"));
    const settings = { ...description.settings, kind: "evaluation" };
    await writeFile(join(copy, "run.json"), JSON.stringify({ ...description, settings }));
    const out = join(folder, "rows.jsonl");
    await expect(exportRun(copy, { out })).rejects.toThrow("is an evaluation, not a run of generate");
    const trl = exportRun(RUN, { out, engine: "trl", format: "messages" });
    await expect(trl).rejects.toMatchObject({ fix: expect.stringContaining("Use 'format' hf-disk") });
    expect(await readdir(folder)).toEqual(["copy"]);
  });

  it("stops when it is told to, and leaves nothing", async () => {
    const stop = AbortSignal.abort(new Error("enough"));
    await expect(exportRun(RUN, { out: join(folder, "rows.jsonl"), stop })).rejects.toThrow("enough");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("mixData", () => {
  it("does not read the letters of hashes as the name of an environment", async () => {
    const messages = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
    ];
    const hashes = [
      "99e39dc7db93807f",
      "0db12345",
      "12345678-00db-0000-0000-123456789abc",
      "db_3",
      "kg-db-1",
    ];
    const file = join(folder, "agent.jsonl");
    await writeFile(file, hashes.map((id) => JSON.stringify({ id, messages })).join("\n"));
    const { counts, size } = await mixData({
      out: join(folder, "m.jsonl"),
      agent: [file],
      excludeEnvironment: ["db"],
    });
    expect(size.agent).toBe(3);
    expect([...counts.excluded]).toEqual([["db", 2]]);
    expect(counts.unplaced).toBe(3);
  });
});
