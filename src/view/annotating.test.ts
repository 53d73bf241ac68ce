import { appendFile, chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { annotationsPath, readAnnotations } from "../annotation/annotation-file.ts";
import { createTestHost, type TestHost } from "../cli/testing/test-host.ts";
import { openRunFolder } from "../runs/run-folder.ts";
import { currentSyntheses, storedTrajectory } from "../synthesis/read-run.ts";
import { createApp } from "./app.tsx";
import { Library } from "./library.ts";

let host: TestHost;
let directory: string;
let app: ReturnType<typeof createApp>;
let readOnly: ReturnType<typeof createApp>;
let ids: readonly string[];

async function textOf(path: string, from = app): Promise<string> {
  return (await from.request(path)).text();
}

/** Sends a form as a browser does. */
function post(path: string, fields: Readonly<Record<string, string>>, to = app): Promise<Response> {
  const body = new URLSearchParams(fields).toString();
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(body.length),
  };
  return Promise.resolve(to.request(path, { method: "POST", body, headers }));
}

async function said(id: string) {
  return (await readAnnotations(directory)).of.get(id) ?? [];
}

beforeAll(async () => {
  host = await createTestHost();
  await host.run(["generate", "--model", "offline", "--limit", "8", "--out", "run", "--quiet"]);
  directory = join(host.directory, "run");
  const folder = await openRunFolder(directory);
  const accepted: string[] = [];
  for await (const { id, outcome } of currentSyntheses(folder.paths))
    if (outcome === "accepted") accepted.push(id);
  ids = accepted;
  const options = { paths: ["."], directory: host.directory, indexes: join(host.directory, ".index") };
  app = createApp(new Library(options), { annotator: "ana" });
  readOnly = createApp(new Library(options));
}, 60_000);

afterAll(() => host.remove());

describe("what is said of a trajectory", () => {
  test("is kept by plain forms, leads back to its place, and can be taken back", async () => {
    const [id = ""] = ids;
    const to = `/run/run/${id}/annotations?sort=-errors`;
    const kept = await post(to, { kind: "turn", turn: "3", verdict: "wrong", fault: "place", note: "no" });
    expect(kept.status).toBe(303);
    expect(kept.headers.get("location")).toBe(`/run/run/${id}?sort=-errors#turn-3`);
    await post(to, { kind: "thumbs", thumbs: "up" });
    await post(to, { kind: "tag", tag: "good", on: "yes" });
    const noted = await post(to, { kind: "note", note: " a\r\nb <script> " });
    expect(noted.headers.get("location")).toBe(`/run/run/${id}?sort=-errors#annotations`);
    expect(await said(id)).toMatchObject([
      { kind: "turn", by: "ana", turn: 3, verdict: "wrong", fault: "place", note: "no" },
      { kind: "thumbs", thumbs: "up" },
      { kind: "tag", tag: "good" },
      { kind: "note", note: "a\nb <script>" },
    ]);
    const page = await textOf(`/run/run/${id}`);
    expect(page).toContain("ana: wrong (place)");
    expect(page).toContain("b &lt;script&gt;");
    expect(page).toMatch(/value="" class="press down" aria-pressed="true" aria-label="thumbs up"/);
    await post(to, { kind: "turn", turn: "3", verdict: "" });
    await post(to, { kind: "thumbs", thumbs: "" });
    await post(to, { kind: "note", note: "" });
    expect(await said(id)).toMatchObject([{ kind: "tag", tag: "good" }]);
  });

  test("chooses what the list shows, and a line that cannot be read is told of", async () => {
    const [tagged = "", down = ""] = ids;
    await post(`/run/run/${down}/annotations`, { kind: "thumbs", thumbs: "down" });
    await appendFile(annotationsPath(directory), "{\n");
    const listed = async (query: string): Promise<readonly string[]> => {
      const page = await textOf(`/run/run/list?${query}`);
      return ids.filter((id) => page.includes(`/run/run/${id}`));
    };
    expect(await listed("tag=good")).toEqual([tagged]);
    expect(await listed("thumbs=down")).toEqual([down]);
    expect(await listed("tag=odd")).toEqual([]);
    const page = await textOf("/run/run/list");
    expect(page).toContain('<option value="good">good</option>');
    expect(page).toContain("is not valid JSON; it is skipped");
  });

  test("that cannot be kept is refused, and nothing is said where pages are only read", async () => {
    const [id = ""] = ids;
    const before = await readFile(annotationsPath(directory), "utf8");
    const to = `/run/run/${id}/annotations`;
    for (const fields of [
      { kind: "tag", tag: "a\u202eb", on: "yes" },
      { kind: "star" },
      { kind: "turn", turn: "1e9", verdict: "maybe" },
    ])
      expect((await post(to, fields)).status).toBe(400);
    expect(
      (await post("/run/run/0000000000000000/annotations", { kind: "thumbs", thumbs: "up" })).status,
    ).toBe(404);
    expect((await post(to, { kind: "note", note: "x".repeat(300_000) })).status).toBe(400);
    expect((await post(to, { kind: "thumbs", thumbs: "up" }, readOnly)).status).toBe(400);
    expect(await readFile(annotationsPath(directory), "utf8")).toBe(before);
    for (const path of [`/run/run/${id}`, "/run/run/judgements"])
      expect(await textOf(path, readOnly)).not.toContain('method="post"');
    expect(await textOf(`/run/run/${id}`, readOnly)).toContain("good");
    expect((await readOnly.request("/run/run/judge?at=1")).status).toBe(400);
  });

  test.skipIf(process.getuid?.() === 0)("has no forms where the folder cannot be written to", async () => {
    await chmod(directory, 0o555);
    try {
      expect(await textOf(`/run/run/${ids[0]}`)).not.toContain('method="post"');
    } finally {
      await chmod(directory, 0o755);
    }
  });
});

describe("section 8 in the page", () => {
  test("asks every turn once, without a word of the dungeon master's, and ends with the table", async () => {
    const labels = new Map<string, string>();
    const thoughts: string[] = [];
    for await (const record of currentSyntheses((await openRunFolder(directory)).paths)) {
      for (const turn of storedTrajectory(record)?.turns ?? []) {
        if (turn.role === "DM") thoughts.push(turn.thought);
        else labels.set(turn.action, record.id);
      }
    }
    let place = (await app.request("/run/run/judge?sample=3&seed=5")).headers.get("location") ?? "";
    expect(place).toBe("/run/run/judge?sample=3&seed=5&at=1");
    const skipped = await post(place, { verdict: "" });
    place = skipped.headers.get("location") ?? "";
    expect(place).toBe("/run/run/judge?sample=3&seed=5&at=2");
    for (let asked = 0; place.includes("/judge?") && asked < 12; asked += 1) {
      const page = await textOf(place);
      expect(page).toContain('data-key="w"');
      expect(page).not.toMatch(/class="mark|refines turn|loss<|<meter/);
      for (const thought of thoughts) expect(page).not.toContain(thought.slice(0, 60));
      place =
        (await post(place, { verdict: asked % 2 === 0 ? "right" : "wrong" })).headers.get("location") ?? "";
    }
    expect(place).toBe("/run/run/judgements");
    const blind = [...(await readAnnotations(directory)).of.values()]
      .flat()
      .filter((each) => "blind" in each);
    expect(blind).toHaveLength(6);
    const table = await textOf(place);
    expect(table).toContain("6 turns of 3 trajectories");
    expect(table).toContain("94.0 [83.8, 97.9]");
    expect((await post("/run/run/judge?sample=3&seed=5&at=2", { verdict: "maybe" })).status).toBe(400);
    expect((await app.request("/run/run/judge?sample=3&seed=5&at=7")).status).toBe(404);
    expect((await app.request("/run/run/judge?sample=3&seed=5")).headers.get("location")).toBe(
      "/run/run/judgements",
    );
  });
});
