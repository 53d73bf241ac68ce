import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../cli/testing/test-host.ts";
import { createApp } from "./app.tsx";
import { Library } from "./library.ts";
import { HOSTILE_RUN, MARKUP, writeHostileRows, writeHostileRun } from "./testing/hostile.ts";

const HIDDEN_CHARACTERS = ["\u202e", "\u001b", "\u0000", "\u200b"];

let host: TestHost;
let directory: string;
let app: ReturnType<typeof createApp>;

async function textOf(path: string): Promise<string> {
  return (await app.request(path)).text();
}

/** What is in a folder, with the time of the last change. */
async function fingerprint(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const content = createHash("sha256")
        .update(await readFile(join(folder, name)))
        .digest("hex");
      return `${name} ${content} ${(await stat(join(folder, name))).mtimeMs}`;
    }),
  );
}

beforeAll(async () => {
  host = await createTestHost();
  await host.run(["generate", "--model", "offline", "--limit", "2", "--out", "run", "--quiet"]);
  directory = await mkdtemp(join(tmpdir(), "agentrefine-hostile-"));
  await writeHostileRun(join(host.directory, "run"), join(directory, HOSTILE_RUN));
  await writeHostileRows(join(directory, "rows.jsonl"));
  app = createApp(new Library({ paths: ["."], directory, indexes: join(directory, ".index") }));
}, 60_000);
afterAll(async () => {
  await host.remove();
  await rm(directory, { recursive: true, force: true });
});

async function runPath(): Promise<string> {
  const [, href = ""] = /href="(\/run\/[^"]+)"/.exec(await textOf("/")) ?? [];
  return href;
}

describe("a hostile run", () => {
  test("is text on every page, and what would not be seen is seen", async () => {
    const run = await runPath();
    const id = "abad1dea00000900";
    const pages = [
      "/",
      run,
      `${run}/list`,
      `${run}/${id}`,
      `${run}/${id}/turn/2`,
      "/data/rows.jsonl",
      "/data/rows.jsonl/1",
    ];
    for (const path of [
      ...pages,
      `${run}/list?q=${encodeURIComponent(MARKUP)}&fault=${encodeURIComponent(MARKUP)}`,
    ]) {
      const response = await app.request(path);
      const text = await response.text();
      expect(response.status, path).toBe(200);
      if (response.headers.get("content-type")?.startsWith("text/plain")) continue;
      expect(text, path).not.toContain("<script>window");
      expect(text, path).not.toContain("<img");
      for (const character of HIDDEN_CHARACTERS) expect(text.includes(character), path).toBe(false);
      expect(text, path).not.toMatch(/ (?:style|on\w+)="/);
    }
    expect(await textOf(`${run}/${id}`)).toContain("\\u202e");
  });

  test("of ten thousand turns is shown in parts, and a long text folded", async () => {
    const run = await runPath();
    const text = await textOf(`${run}/abad1dea00000901?part=3`);
    expect(text).toContain("201–300 of 10,001 turns");
    expect(text.length).toBeLessThan(400_000);
    const first = await textOf(`${run}/abad1dea00000901`);
    expect(first).toContain("3,500 more characters");
  });

  test("with a damaged line says so, and shows the rest", async () => {
    const run = await runPath();
    expect(await textOf(run)).toContain("syntheses.jsonl: line 3 is not valid JSON");
    expect(await textOf(`${run}/list`)).toContain("1–4 of 4 personas");
    expect(await textOf("/data/rows.jsonl")).toContain("is not JSON");
  });

  test("is not changed by looking", async () => {
    const run = await runPath();
    const folder = join(directory, HOSTILE_RUN);
    const before = await fingerprint(folder);
    for (const path of [run, `${run}/list?q=lamp`, `${run}/abad1dea00000900`]) await app.request(path);
    expect(await fingerprint(folder)).toEqual(before);
  });
});

describe("paths that hold nothing to look at", () => {
  test("an empty folder and a file of another form are told of", async () => {
    await writeFile(join(directory, "notes.txt"), "nothing\n");
    const library = new Library({ paths: ["notes.txt"], directory, indexes: directory });
    const text = await (await createApp(library).request("/")).text();
    expect(text).toContain("Nothing to look at");
    expect(text).toContain("its first row is not JSON");
  });
});
