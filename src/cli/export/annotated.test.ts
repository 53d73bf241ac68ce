import { appendFile, cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { annotationsPath, appendAnnotation } from "../../annotation/annotation-file.ts";
import { createExportHost, createSharedRun, type ExportHost, type SharedRun } from "./testing/export-host.ts";

let shared: SharedRun;
let host: ExportHost;
let run: string;
let ids: readonly string[];

const said = { at: "2026-01-02T03:04:05.000Z", by: "ana" };

beforeAll(async () => {
  shared = await createSharedRun();
  host = await createExportHost(shared);
  run = join(host.directory, "judged");
  await cp(shared.run, run, { recursive: true });
  await host.exported("--out", "all.jsonl");
  ids = (await host.rowsOf("all.jsonl")).map(({ id }) => String(id));
  for (const id of ids.slice(0, 3))
    await appendAnnotation(run, { kind: "tag", ...said, id, tag: "good", on: true });
  await appendAnnotation(run, { kind: "thumbs", ...said, id: ids[1] ?? "", thumbs: "down" });
}, 60_000);

afterAll(async () => {
  await host.remove();
  await shared.remove();
});

const chosen = ["--only", "tag=good", "--without", "thumbs=down"];

test("an export takes what was found good, and says what it leaves out", async () => {
  const { code, stderr, stdout } = await host.run([
    "export",
    "judged",
    ...chosen,
    "--out",
    "g.jsonl",
    "--json",
  ]);
  expect(code).toBe(0);
  expect((await host.rowsOf("g.jsonl")).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
  const leftOut = ids.length - 2;
  const words = `only tag=good; without thumbs=down`;
  expect(stderr).toContain(`Left out by annotations (${words}): ${leftOut} trajectories.`);
  expect(JSON.parse(stdout).annotated).toEqual({ only: ["tag=good"], without: ["thumbs=down"], leftOut });
  expect(await host.read("g.jsonl.README.md")).toContain(
    `- chosen by annotations: ${words}; ${leftOut} trajectories left out`,
  );
});

test("a subset is of those, and the hub's card says it", async () => {
  await host.run(["export", "judged", ...chosen, "--subset", "1", "--out", "one.jsonl"]);
  expect([ids[0], ids[2]]).toContain((await host.rowsOf("one.jsonl"))[0]?.id);
  const refused = await host.run(["export", "judged", ...chosen, "--subset", "3", "--out", "three.jsonl"]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("there are only 2 rows")]);
  await host.run(["export", "judged", "--only", "tag=good", "--hub", "hub"]);
  expect(await host.read("hub/README.md")).toContain("- chosen by annotations: only tag=good;");
});

test("a list is of those, in words and as JSON", async () => {
  const { stdout } = await host.run(["show", "judged", ...chosen, "--json"]);
  expect(JSON.parse(stdout).map(({ id }: { id: string }) => id)).toEqual([ids[0], ids[2]]);
});

test("nothing left is refused, and so is what is no condition", async () => {
  const none = await host.run(["export", "judged", "--only", "tag=odd", "--out", "n.jsonl"]);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain(`none of ${ids.length} trajectories is left: only tag=odd.`);
  const odd = await host.run(["export", "judged", "--only", "stars=5", "--out", "n.jsonl"]);
  expect([odd.code, odd.stderr]).toEqual([
    2,
    expect.stringContaining('--only: "stars=5" is not tag=NAME, thumbs=up'),
  ]);
});

test("a damaged line of the annotations is named", async () => {
  await appendFile(annotationsPath(run), '{"kind":\n');
  const { stderr } = await host.run(["export", "judged", ...chosen, "--out", "d.jsonl"]);
  expect(stderr).toContain("annotations.jsonl: line 5 is not valid JSON; it is skipped.");
});

test("a file of rows has no annotations beside it", async () => {
  const { code, stderr } = await host.run([
    ...["train", "all.jsonl", "--engine", "trl", "--model", "m", "--template", "llama3"],
    ...["--only", "tag=good", "--dry-run", "--out", "tuned"],
  ]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("annotations are kept beside a run")]);
});
