import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let shared: TestHost;
let host: TestHost;

beforeAll(async () => {
  shared = await createTestHost();
  await shared.run(["generate", "--model", "offline", "--limit", "8", "--max-calls", "2", "--out", "run"]);
});
afterAll(() => shared.remove());

beforeEach(async () => {
  host = await createTestHost();
  await cp(join(shared.directory, "run"), join(host.directory, "run"), { recursive: true });
});
afterEach(() => host.remove());

/** What commands that read a run say of it. */
async function said(): Promise<readonly string[]> {
  const commands = [
    ["show", "run"],
    ["stats", "run", "--json"],
    ["verify", "run"],
  ];
  const [id = ""] = /^[0-9a-f]{6}/m.exec((await host.run(["show", "run"])).stdout) ?? [];
  const all: string[] = [];
  for (const command of [...commands, ["show", "run", id], ["show", "run", id, "--call", "1"]])
    all.push((await host.run(command)).stdout);
  await host.run(["export", "run", "--out", "rows.jsonl", "--force"]);
  return [...all, await readFile(join(host.directory, "rows.jsonl"), "utf8")];
}

async function files(): Promise<readonly string[]> {
  return (await readdir(join(host.directory, "run")))
    .filter((name) => /^(calls|syntheses)/.test(name))
    .sort();
}

describe("runs", () => {
  test("packs a run, which all commands read as before, and unpacks it", async () => {
    const [plain, calls] = [await said(), await readFile(join(host.directory, "run/calls.jsonl"))];
    const packed = await host.run(["runs", "pack", "run"]);
    expect(packed.stderr).toMatch(/^run: packed; 0\.\d MB of journals, 0\.\d MB packed, 1 to \d\.\d\.$/m);
    expect(await files()).toEqual(["calls.jsonl.gz", "syntheses.jsonl.gz"]);
    expect(await said()).toEqual(plain);
    const unpacked = await host.run(["runs", "unpack", "run"]);
    expect({ code: unpacked.code, files: await files() }).toEqual({
      code: 0,
      files: ["calls.jsonl", "syntheses.jsonl"],
    });
    expect(calls.equals(await readFile(join(host.directory, "run/calls.jsonl")))).toBe(true);
  });

  test("a packed run grows as it would have, and is packed again", async () => {
    const grow = ["generate", "--model", "offline", "--limit", "11", "--max-calls", "2", "--out", "run"];
    await host.run(["runs", "pack", "run"]);
    expect((await host.run(grow)).code).toBe(0);
    expect(await files()).toHaveLength(4);
    const grown = await said();
    await host.run(["runs", "pack", "run"]);
    expect(await files()).toHaveLength(2);
    expect(await said()).toEqual(grown);
    await host.run(["runs", "unpack", "run"]);
    expect((await readFile(join(host.directory, "run/syntheses.jsonl"), "utf8")).split("\n")).toHaveLength(
      12,
    );
  });

  test("says what to give", async () => {
    expect(await host.run(["runs", "packs", "run"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("there is no packs; did you mean pack?"),
    });
    expect((await host.run(["runs", "pack", "nowhere"])).stderr).toContain("is not a run");
  });

  test("a damaged line is told of in one line, and the rest is shown with exit code 3", async () => {
    const path = join(host.directory, "run/syntheses.jsonl");
    const lines = (await readFile(path, "utf8")).split("\n");
    await writeFile(path, ["{torn", ...lines.slice(1)].join("\n"));
    const shown = await host.run(["show", "run", "--json"]);
    expect({ code: shown.code, rows: JSON.parse(shown.stdout).length }).toEqual({ code: 3, rows: 7 });
    expect(shown.stderr).toContain("Left out: syntheses.jsonl: line 1 is not valid JSON.");
    const stats = await host.run(["stats", "run"]);
    expect(stats.code).toBe(3);
    expect(stats.stdout).toContain("1 line that cannot be used: syntheses.jsonl: line 1 is not valid JSON");
    expect(await host.run(["export", "run", "--out", "rows.jsonl"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is damaged: line 1 is not valid JSON"),
    });
  });
});
