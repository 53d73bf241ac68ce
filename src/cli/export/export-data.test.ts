import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createExportHost, createSharedRun, type ExportHost, type SharedRun } from "./testing/export-host.ts";

let shared: SharedRun;
let host: ExportHost;
beforeAll(async () => {
  shared = await createSharedRun();
}, 60_000);

afterAll(() => shared.remove());

beforeEach(async () => {
  host = await createExportHost(shared);
});

afterEach(() => host.remove());

describe("ablations and subsets", () => {
  test("of the loss change the mask, and the README says so first", async () => {
    const flags = ["--format", "messages", "--out"];
    await host.exported(...flags, "eq1.jsonl");
    await host.exported(...flags, "all.jsonl", "--ablation", "erroneous-loss");
    await host.exported(...flags, "none.jsonl", "--ablation", "no-refinement-loss");
    const [eq1, all, none] = [
      await host.masks("eq1.jsonl"),
      await host.masks("all.jsonl"),
      await host.masks("none.jsonl"),
    ];
    expect(eq1.flat()).toContain(false);
    expect(all).toEqual(eq1.map((mask) => mask.map(() => true)));
    expect(none).toEqual(eq1.map((mask) => mask.map((trained, at) => trained && mask[at - 1] !== false)));
    expect(await host.read("all.jsonl.README.md")).toMatch(/^> \*\*This is the ablation `erroneous-loss`/);
    expect(await host.read("eq1.jsonl.README.md")).not.toContain("ablation");
  });

  test("the README of a tokenised ablation says so too", async () => {
    await host.exported("--format", "hf-disk", ...host.tokens, "--out", "d", "--ablation", "erroneous-loss");
    expect(await host.read("d/README.md")).toMatch(/^> \*\*This is the ablation `erroneous-loss`/);
  });

  test("subsets are nested, and an ablation has the same rows", async () => {
    const ids = async (size: string, seed: string, ...flags: readonly string[]) => {
      await host.exported(
        "--subset",
        size,
        "--seed",
        seed,
        ...flags,
        "--out",
        "s.jsonl",
        "--force",
        "--format",
        "messages",
      );
      return (await host.rowsOf("s.jsonl")).map(({ id }) => id);
    };
    const [small, large] = [await ids("3", "1"), await ids("6", "1")];
    expect([small.length, large.length]).toEqual([3, 6]);
    expect(large).toEqual(expect.arrayContaining(small));
    expect(await ids("6", "2")).not.toEqual(large);
    expect(await ids("3", "1", "--ablation", "erroneous-loss")).toEqual(small);
    expect(await host.read("s.jsonl.README.md")).toContain("- subset: 3 trajectories, seed 1");
  });

  test("a subset that is too large leaves nothing", async () => {
    const { code, stderr } = await host.exported("--subset", "999", "--out", "s.jsonl");
    expect(code).toBe(1);
    expect(stderr).toContain("a subset of 999 was asked for");
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("without verification, what failed it is kept in its three kinds", async () => {
    await host.run(["generate", "--model", "offline", "--no-stream", "--limit", "14", "--out", "whole"]);
    const flags = ["--ablation", "no-verification", "--format", "messages", "--out", "u.jsonl", "--json"];
    const { code, stdout, stderr } = await host.run(["export", "whole", ...flags]);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Not verified (Table 11)"),
    });
    const { kinds, unusable, rows } = JSON.parse(stdout);
    const dropped = unusable.unparsed + unusable.incomplete + unusable.none;
    expect(rows + dropped).toBe(14);
    const readme = await host.read("u.jsonl.README.md");
    expect(readme).toContain(`- kinds (Table 11): ${kinds["few-errors"]} without enough refinement, `);
    expect(readme).toContain(
      `- personas left out: ${unusable.unparsed} with a trajectory that cannot be parsed, ${unusable.incomplete} with`,
    );
    expect(stderr).toContain(`Left out of the personas: ${unusable.unparsed} with a trajectory`);
    expect(kinds["few-errors"] + kinds["unmatched-action"]).toBeGreaterThan(0);
    expect(kinds.right).toBeGreaterThan(0);
    expect(rows).toBe(kinds["few-errors"] + kinds["unmatched-action"] + kinds.right);
    expect(await host.rowsOf("u.jsonl")).toHaveLength(rows);
  });

  test("that is refused for a run whose replies were stopped at their first fault", async () => {
    const { code, stderr } = await host.exported("--ablation", "no-verification", "--out", "u.jsonl");
    expect(code).toBe(1);
    expect(stderr).toContain("replies of this run were stopped at their first fault");
    expect(await readdir(host.directory)).toEqual([]);
  });
});

describe("--hub", () => {
  test("writes the layout with the origin of each row", async () => {
    const { code, stderr, stdout } = await host.exported("--hub", "hub", "--license", "apache-2.0", "--json");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /^Exported \d+ rows \(hub\) to hub\.\nRead it, then upload it: hf upload OWNER\/NAME hub --repo-type dataset --private\n$/,
      ),
    });
    const file = await asyncBufferFromFile(
      join(host.directory, "hub", "data", "train-00000-of-00001.parquet"),
    );
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(JSON.parse(stdout).rows);
    expect(rows[0]).toMatchObject({
      persona_source: "the personas that come with agentrefine",
      persona_license: "Apache-2.0",
    });
    const card = await host.read("hub/README.md");
    expect(card).toContain('license: "apache-2.0"');
    expect(card).toContain("- written by: offline");
    expect(card).not.toContain(shared.directory);
  });

  test.each([
    [[], "it has no README.md, which an export has"],
    [["data/train-00000-of-00001.parquet"], "it has no README.md, which an export has"],
    [["README.md"], "it has no data, which an export has"],
    [["README.md", "data"], "it has no files in data, which an export has"],
    [["README.md", "data/precious.csv"], "it holds data/precious.csv"],
    [
      ["README.md", "data/train-00000-of-00001.parquet", "data/train-notes.md"],
      "it holds data/train-notes.md",
    ],
    [["README.md", "data/train-00000-of-00001.parquet", "thesis.tex"], "it holds thesis.tex"],
  ])("does not replace a folder with %j", async (files, words) => {
    await host.write("hub", files);
    const { code, stderr } = await host.exported("--hub", "hub", "--force");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `Error: hub is not replaced: ${words}. Give the name of a new folder.\n`,
    });
    for (const file of files) expect(await host.read(`hub/${file}`)).toBe("mine");
  });

  test("replaces a folder that it has written", async () => {
    await host.exported("--hub", "hub");
    const { code, stderr } = await host.exported("--hub", "hub", "--force");
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("replacing it") });
  });

  test("says which licences are missing, and does not tell where the personas lie", async () => {
    await mkdir(join(host.directory, "private"));
    await writeFile(join(host.directory, "private", "mine.txt"), "A baker.\nA sailor.\nA nurse.\n");
    const personas = ["private/mine.txt", "--model", "offline", "--out", "own"];
    await host.run(["generate", ...personas]);
    const { stderr } = await host.run(["export", "own", "--hub", "hub"]);
    expect(stderr).toContain("The card names no licence of the data; give it with --license.");
    expect(stderr).toContain("The card names no licence of the personas; give it with --persona-license.");
    const card = await host.read("hub/README.md");
    expect(card).toContain("- personas: mine.txt, licence: unknown");
    expect(card).not.toContain("private");
  });

  test.each([
    [["--out", "x.jsonl"], "--out and --hub were both given"],
    [["--format", "messages"], "--format is not for --hub"],
    [["--ablation", "erroneous-loss"], "--ablation is not for --hub"],
  ])("%j does not go with it", async (flags, words) => {
    expect(await host.exported("--hub", "hub", ...flags)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    });
  });
});

describe("an export", () => {
  test("without an engine says who would train on the mistakes, and with one how it is set", async () => {
    const { stderr } = await host.exported("--out", "a.jsonl");
    expect(stderr).toMatch(
      /^LLaMA-Factory, .+ would train on the mistakes with the format conversations: name your engine with --engine\.$/m,
    );
    const named = await host.exported("--out", "b.jsonl", "--engine", "ms-swift");
    expect(named.stderr).toContain("In ms-swift: --loss_scale default");
    expect(named.stderr).not.toContain("would train on the mistakes");
    const tokenised = await host.exported("--format", "tokenized-jsonl", "--out", "c.jsonl", ...host.tokens);
    expect(tokenised.stderr).not.toContain("would train on the mistakes");
  });

  test.each([
    [[], "no file to write was given"],
    [["--out", "x.jsonl", "--license", "mit"], "--license is for --hub only"],
    [["--out", "x.jsonl", "--seed", "2"], "--seed is for --subset only"],
    [["--out", "x.jsonl", "--format", "trajectories", "--ablation", "erroneous-loss"], "an ablation changes"],
  ])("%j is refused", async (flags, words) => {
    const { code, stderr } = await host.exported(...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("does not replace a README that stands where its own belongs", async () => {
    await writeFile(join(host.directory, "own.jsonl.README.md"), "mine");
    expect(await host.exported("--out", "own.jsonl")).toMatchObject({
      code: 2,
      stderr: "Error: own.jsonl.README.md exists. Give another name, or --force to replace it.\n",
    });
    expect(await readdir(host.directory)).toEqual(["own.jsonl.README.md"]);
    expect((await host.exported("--out", "own.jsonl", "--force")).code).toBe(0);
    expect(await host.read("own.jsonl.README.md")).toContain("# Refinement-tuning data");
  });

  test("never replaces the run that it reads", async () => {
    await host.run(["generate", "--model", "offline", "--limit", "3", "--out", "run"]);
    const journal = await host.read("run/syntheses.jsonl");
    const { code, stderr } = await host.run(["export", "run", "--out", "run/syntheses.jsonl", "--force"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "Error: run/syntheses.jsonl is what the rows are read from. Give another name.\n",
    });
    expect(await host.read("run/syntheses.jsonl")).toBe(journal);
    const folder = await host.run(["export", "run", "--hub", "run", "--force"]);
    expect(folder).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("run is not replaced: it holds"),
    });
  });

  test("of a run that has not ended says how far it is", async () => {
    await host.run(["generate", "--model", "offline", "--limit", "6", "--out", "run"]);
    const lines = (await host.read("run/syntheses.jsonl")).split("\n");
    await writeFile(join(host.directory, "run", "syntheses.jsonl"), `${lines.slice(0, 4).join("\n")}\n`);
    const plain = await host.run(["export", "run", "--out", "a.jsonl"]);
    expect(plain.code).toBe(0);
    expect(plain.stderr).toContain("The run is not finished: 4 of 6 personas have ended.");
    expect(await host.read("a.jsonl.README.md")).toContain(
      "- the run was not finished: 4 of 6 personas had ended\n",
    );
    const hub = await host.run(["export", "run", "--hub", "hub", "--json"]);
    expect(JSON.parse(hub.stdout)).toMatchObject({ unfinished: { ended: 4, personas: 6 } });
    expect(await host.read("hub/README.md")).toContain(
      "- the run was not finished: 4 of 6 personas had ended\n",
    );
    const subset = await host.run(["export", "run", "--out", "b.jsonl", "--subset", "1"]);
    expect(subset.stderr).toContain("4 of 6 personas have ended.");
    expect(subset.stderr).toContain("Exported 1 row ");
  });

  test("shows on a terminal how far it is, and Ctrl-C leaves nothing", async () => {
    let isFirst = true;
    const interrupted = await host.run(["export", shared.run, "--out", "rows.jsonl"], {
      isTTY: true,
      onWrite: () => {
        if (isFirst) host.interrupt();
        isFirst = false;
      },
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain("0 rows");
    expect(await readdir(host.directory)).toEqual([]);
  });
});
