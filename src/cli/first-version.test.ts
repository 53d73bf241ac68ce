import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

/**
 * Folders that the first version of this program wrote, packed file by file: a run, one that was stopped, an
 * evaluation.
 */
const STORED = fileURLToPath(new URL("testing/first-version/", import.meta.url));

let host: TestHost;
beforeEach(async () => {
  host = await createTestHost();
});
afterEach(() => host.remove());

async function restore(name: "whole" | "half" | "eval"): Promise<void> {
  await mkdir(join(host.directory, name));
  for (const file of await readdir(join(STORED, name))) {
    const bytes = gunzipSync(await readFile(join(STORED, name, file)));
    await writeFile(join(host.directory, name, file.replace(/\.gz$/, "")), bytes);
  }
}

function read(...path: string[]): Promise<string> {
  return readFile(join(host.directory, ...path), "utf8");
}

async function linesOf(...path: string[]): Promise<readonly Record<string, unknown>[]> {
  const text = await read(...path);
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

describe("what the first version wrote", () => {
  test("is shown and exported", async () => {
    await restore("whole");
    const records = await linesOf("whole", "syntheses.jsonl");
    const shown = await host.run(["show", "whole", "--json"]);
    expect(shown.code).toBe(0);
    for (const { id } of records) {
      expect((await host.run(["show", "whole", String(id)])).code).toBe(0);
    }
    const { code } = await host.run(["export", "whole", "--format", "conversations", "--out", "rows.jsonl"]);
    expect(code).toBe(0);
    const accepted = records.filter(({ outcome }) => outcome === "accepted");
    expect(accepted.length).toBeGreaterThan(0);
    expect(await linesOf("rows.jsonl")).toHaveLength(accepted.length);
  });

  test("has nothing left to do when it had ended, and is as it was", async () => {
    await restore("whole");
    const before = await Promise.all(["calls.jsonl", "syntheses.jsonl"].map((file) => read("whole", file)));
    expect((await host.run(["resume", "whole", "--quiet"])).code).toBe(0);
    const after = await Promise.all(["calls.jsonl", "syntheses.jsonl"].map((file) => read("whole", file)));
    expect(after).toEqual(before);
  });

  test("is finished when it was stopped, without a reply being bought again", async () => {
    await restore("half");
    const before = await read("half", "calls.jsonl");
    const ended = (await linesOf("half", "syntheses.jsonl")).length;
    expect(before.split("\n").length - 1).toBeGreaterThan(ended);
    expect((await host.run(["resume", "half", "--quiet"])).code).toBe(0);
    const after = await read("half", "calls.jsonl");
    expect(after.startsWith(before)).toBe(true);
    const calls = (await linesOf("half", "calls.jsonl")).map(({ index, call }) => `${index}/${call}`);
    expect(new Set(calls).size).toBe(calls.length);
    const indices = (await linesOf("half", "syntheses.jsonl")).map(({ index }) => Number(index));
    expect(indices.sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("as an evaluation is read and shown", async () => {
    await restore("eval");
    const { code, stdout, stderr } = await host.run(["compare", "eval", "--json"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("babyai");
  });
});
