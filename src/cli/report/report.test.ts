import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;

beforeAll(async () => {
  host = await createTestHost();
  await host.run(["generate", "--model", "offline", "--limit", "4", "--out", "run"]);
  const evaluate = ["evaluate", "--suite", "pddl", "--agent", "expert", "--limit", "2"];
  await host.run([...evaluate, "--out", "expert"]);
}, 60_000);

afterAll(() => host.remove());

const text = (name: string) => readFile(join(host.directory, name), "utf8");

/** The names of the elements and attributes of a page, but for those within drawings. */
function policyOf(page: string): string {
  return /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
}

describe("report", () => {
  test("writes one page that needs nothing beside it", async () => {
    const { code, stderr, stdout } = await host.run(["report", "expert", "run", "--out", "r.html", "--json"]);
    expect(code).toBe(0);
    const written = JSON.parse(stdout);
    expect(written.sections.map(({ key }: { key: string }) => key)).toEqual([
      "table-1",
      "figure-6",
      "figure-7",
      "figure-13",
      "suites",
      "data",
    ]);
    expect(stderr).toMatch(/Table 3: the same worlds in their own words and in others/);
    expect(stderr).toMatch(/6 sections with \d+ figures: r\.html\n$/);
    const page = await text("r.html");
    expect(policyOf(page)).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|style="|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(page).toContain("Vendi score");
    expect(page).toContain("run and pddl");
    expect(page).toContain("expert †");
    expect(page).toContain("the first 2 of 60 tasks");
    // Each anchor of the contents is there.
    for (const [, key] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${key}"`);
    expect(page).not.toMatch(/href="(?!#)/);
  }, 30_000);

  test("writes a folder with each table and figure as files", async () => {
    const { code, stderr } = await host.run(["report", "run", "--no-png", "--no-map", "--out", "folder"]);
    expect(code).toBe(0);
    expect(stderr).toContain("PNG was left out: they were not asked for.");
    const names = await readdir(join(host.directory, "folder"));
    expect(names).toEqual(expect.arrayContaining(["index.html", "data.md", "data.tex", "data.csv"]));
    for (const ending of ["svg", "vl.json", "csv"]) expect(names).toContain(`figure-13.${ending}`);
    const page = await text("folder/index.html");
    for (const [, name = ""] of page.matchAll(/href="(?!#)([^"]+)"/g)) expect(names).toContain(name);
    const spec = JSON.parse(await text("folder/figure-13.vl.json"));
    const rows = (await text("folder/figure-13.csv")).trim().split("\n");
    expect(rows).toHaveLength(1 + spec.data.values.length);
    expect(rows[0]).toBe("set,length,share,runs,turns");
  }, 30_000);

  test("stops at Ctrl-C while it draws, and leaves nothing", async () => {
    const running = host.run(["report", "run", "--out", "stopped.html"]);
    setTimeout(() => host.interrupt(), 50);
    const { code, stderr } = await running;
    expect({ code, stderr }).toEqual({ code: 130, stderr: "Stopped; nothing was written.\n" });
    expect(await readdir(host.directory)).not.toContain("stopped.html");
  }, 30_000);

  test.each([
    [
      ["run", "--base-url", "http://localhost:1/v1", "--out", "x"],
      "--base-url and --api-key-env are for --embeddings",
    ],
    [["nowhere", "--out", "x"], "cannot read nowhere"],
    [["empty", "--out", "x"], "it is a folder without a run or Parquet files"],
    [["run", "run/", "--out", "x"], "run/ is given twice"],
    [["run", "--out", "empty"], "empty exists already. Give another name, or --force"],
    [["run", "--out", "there.html"], "exists already"],
    [
      ["run", "--trained", "expert=4000", "--out", "x"],
      "expert is told how it was trained, but not to be reported",
    ],
    [["expert", "--trained", "expert=many", "--out", "x"], '"expert=many" is not EVALUATION=ROWS'],
    [["run"], "--out"],
  ])("refuses %j in one line", async (words, problem) => {
    await mkdir(join(host.directory, "empty"), { recursive: true });
    await writeFile(join(host.directory, "there.html"), "");
    const { code, stderr } = await host.run(["report", ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
