import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockFolder } from "../../runs/lock.ts";
import { createTestHost, type Ran, type TestHost } from "../testing/test-host.ts";

const SHARDS = 3;

let host: TestHost;

function generate(out: string, ...more: readonly string[]): Promise<Ran> {
  return host.run(["generate", "--model", "offline", ...more, "--out", out, "--quiet", "--json"]);
}

function read(...path: readonly string[]): Promise<string> {
  return readFile(join(host.directory, ...path), "utf8");
}

/** What a run is, but for when it began. */
async function filesOf(run: string) {
  const { createdAt: _when, ...description } = JSON.parse(await read(run, "run.json"));
  const names = ["personas.jsonl", "calls.jsonl", "syntheses.jsonl"];
  return [description, ...(await Promise.all(names.map((name) => read(run, name))))];
}

beforeAll(async () => {
  host = await createTestHost();
  await generate("whole", "--sample", "10");
  for (let shard = 0; shard < SHARDS; shard += 1)
    await generate(`s${shard}`, "--sample", "10", "--shard", `${shard}/${SHARDS}`);
}, 60_000);

afterAll(() => host.remove());

describe("shards", () => {
  test("are merged into the run that one command makes, and exported as it is", async () => {
    const [id1, id2] = await Promise.all(
      ["s1", "s2"].map(
        async (shard) =>
          JSON.parse(await read(shard, "personas.jsonl").then((text) => text.split("\n")[0] ?? "")).id,
      ),
    );
    const said = (id: string): string =>
      JSON.stringify({ kind: "note", at: "2026-01-01T00:00:00Z", by: "Ada", id, note: "good" });
    // A line whose writer was killed at its end.
    await writeFile(join(host.directory, "s1", "annotations.jsonl"), said(id1));
    await writeFile(join(host.directory, "s2", "annotations.jsonl"), `${said(id2)}\n`);
    const merged = await host.run(["merge", "all", "s2", "s0", "s1"]);
    expect(await read("all", "annotations.jsonl")).toBe(`${said(id1)}\n${said(id2)}\n`);
    expect(merged).toMatchObject({ code: 0, stdout: "" });
    expect(merged.stderr).toContain("Merged 10 personas into all; 10 have ended.");
    await host.run(["merge", "normal", "whole"]);
    expect(await filesOf("all")).toEqual(await filesOf("normal"));
    const again = await host.run(["merge", "all", "s0", "s1", "s2", "--json"]);
    expect(again.stderr).toContain("all is this merge already (10 personas); nothing was written.");
    expect(JSON.parse(again.stdout)).toMatchObject({ kind: "unchanged", personas: 10, ended: 10 });
    for (const run of ["whole", "all"])
      await host.run(["export", run, "--engine", "axolotl", "--out", `${run}-rows.jsonl`]);
    expect(await read("all-rows.jsonl")).toBe(await read("whole-rows.jsonl"));
    const stats = async (run: string) =>
      JSON.parse((await host.run(["stats", run, "--json"])).stdout).data[0];
    expect(await stats("all")).toEqual({ ...(await stats("whole")), name: "all" });
    expect((await host.run(["resume", "all"])).stderr).toContain("all is finished");
  });

  test("of which one is missing are merged with leave alone, and all commands read what there is", async () => {
    const refused = await host.run(["merge", "some", "s2", "s1"]);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("Missing: shard 0 of 3.") });
    expect((await host.run(["merge", "some", "s2", "s1", "--allow-missing"])).code).toBe(0);
    expect(JSON.parse((await read("some", "personas.jsonl")).split("\n")[2] ?? "")).toMatchObject({
      index: 4,
    });
    const listed = JSON.parse((await host.run(["show", "some", "--json"])).stdout);
    expect(listed).toHaveLength(6);
    const { id } = listed[5];
    expect((await host.run(["show", "some", id])).code).toBe(0);
    expect((await host.run(["show", "some", id, "--call", "1"])).stdout).toContain(
      listed[5].persona.slice(0, 20),
    );
    expect(JSON.parse((await host.run(["stats", "some", "--json"])).stdout).data[0].making).toMatchObject({
      personas: 6,
      pending: 0,
    });
    expect((await host.run(["annotate", "some", "--table"])).code).toBe(0);
    expect((await host.run(["verify", "some"])).code).toBe(0);
    expect((await host.run(["resume", "some"])).stderr).toContain("some is finished");
    expect((await host.run(["merge", "later", "s0", "some"])).code).toBe(0);
    await host.run(["merge", "normal-2", "whole"]);
    expect(await filesOf("later")).toEqual(await filesOf("normal-2"));
  });

  test("grow as the whole run does", async () => {
    for (let shard = 0; shard < SHARDS; shard += 1) {
      await generate(`g${shard}`, "--limit", "5", "--shard", `${shard}/${SHARDS}`);
      const dry = await generate(`g${shard}`, "--limit", "8", "--shard", `${shard}/${SHARDS}`, "--dry-run");
      expect(JSON.parse(dry.stdout).added).toBe(1);
      const { code, stderr } = await generate(`g${shard}`, "--limit", "8");
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("Added 1 persona") });
    }
    await generate("grown", "--limit", "8");
    await host.run(["merge", "all-grown", "g0", "g1", "g2"]);
    await host.run(["merge", "grown-alone", "grown"]);
    expect(await filesOf("all-grown")).toEqual(await filesOf("grown-alone"));
  });

  test("may be more than there are personas", async () => {
    expect(await generate("empty", "--limit", "2", "--shard", "3/4")).toMatchObject({ code: 0 });
    expect(await host.run(["status", "empty"])).toMatchObject({ code: 0 });
  });

  test("are refused where the command does not say which, or another than the folder's", async () => {
    const auto = await generate("x", "--shard", "auto/3");
    expect(auto).toMatchObject({ code: 2, stderr: expect.stringContaining("no shard for auto/3") });
    const other = await generate("s1", "--sample", "10", "--shard", "2/3");
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('shard was "1/3", now "2/3"') });
    const out = await generate("x", "--shard", "3/3");
    expect(out).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("out of range: the 3 shards are 0 to 2"),
    });
    const env = { JOB_COMPLETION_INDEX: "1" };
    const flags = ["generate", "--model", "offline", "--sample", "10", "--shard", "auto/3", "--out", "s1"];
    expect((await host.run(flags, { env })).stderr).toContain("s1 is finished");
  });
});

describe("status", () => {
  test("tells how far each is and all are, and ends with 3 when something is left", async () => {
    expect(await host.run(["status", "s0", "s1", "s2"])).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await host.run(["status", "s0", "s1", "s2", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [{ shard: "0/3", ended: 4, owner: null }, { shard: "1/3" }, { shard: "2/3" }],
      total: { personas: 10, ended: 10, pending: 0 },
    });
    await host.run(["merge", "cut", "s0"]);
    await host.run(["merge", "cut", "s0", "--allow-missing"]);
    await writeFile(join(host.directory, "cut", "syntheses.jsonl"), "");
    const lock = await lockFolder(join(host.directory, "cut"));
    const left = await host.run(["status", "s1", "cut"]);
    await lock.release();
    expect(left.code).toBe(3);
    expect(left.stdout).toMatch(/^cut +0\/3 +0 +4 .* running: process \d+ on /m);
    expect(left.stdout).toMatch(/^total +3 +7 /m);
  });

  test.each([40, 55, 70, 80, 120])("tells whether runs are finished in %i columns", async (columns) => {
    const { stdout } = await host.run(["status", "s0", "s1"], { isTTY: true, columns });
    const lines = stdout.trimEnd().split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    if (columns > 40) expect(lines[1]).toMatch(/^s0 .* finished$/);
  });

  test("names a folder that is no run, and tells of the others all the same", async () => {
    await mkdir(join(host.directory, "nothing"));
    const { code, stdout, stderr } = await host.run(["status", "nothing", "s1"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("Error: nothing is not a run: it has no run.json"),
    });
    expect(stdout).toContain("s1");
  });
});

describe("personas select", () => {
  test("writes what a run would take, which gives the same run", async () => {
    const selected = await host.run(["personas", "select", "--sample", "10", "--out", "ten.jsonl", "--json"]);
    expect(JSON.parse(selected.stdout)).toMatchObject({ personas: 10 });
    expect(await read("ten.jsonl")).toBe(await read("whole", "personas.jsonl"));
    await host.run(["generate", "ten.jsonl", "--model", "offline", "--out", "ten", "--quiet"]);
    await host.run(["merge", "ten-normal", "ten"]);
    await host.run(["merge", "whole-normal", "whole"]);
    expect((await filesOf("ten-normal")).slice(1)).toEqual((await filesOf("whole-normal")).slice(1));
    const again = await host.run(["personas", "select", "--out", "ten.jsonl"]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("ten.jsonl exists already") });
    const wrong = await host.run(["personas", "sel", "--out", "x"]);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("It knows select") });
  });
});
