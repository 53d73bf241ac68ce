import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ChatServer } from "../../model/testing/chat-server.ts";
import { TOKENIZED_FORMATS } from "../../tuning/export-tokenized.ts";
import { tinyTokenizer, writeTokenizer } from "../../tuning/testing/tiny-tokenizer.ts";
import { startOfflineServer } from "../testing/offline-server.ts";
import { createTestWorld, type Ran, type TestWorld } from "../testing/test-world.ts";
import { TOKENIZED_ENDINGS } from "./target.ts";

/** A finished run and a tokenizer that the tests only read. */
let shared: TestWorld;
let run: string;
let tokenizer: string;
let world: TestWorld;
let server: ChatServer | undefined;

beforeAll(async () => {
  shared = await createTestWorld();
  await shared.run(["generate", "--model", "offline", "--limit", "14", "--out", "run"]);
  run = join(shared.directory, "run");
  tokenizer = join(shared.directory, "tiny");
  await writeTokenizer(tokenizer, tinyTokenizer());
});

afterAll(() => shared.remove());

beforeEach(async () => {
  world = await createTestWorld();
});

afterEach(async () => {
  await world.remove();
  await server?.close();
  server = undefined;
});

const read = (name: string): Promise<string> => readFile(join(world.directory, name), "utf8");

/** What the tests look at in rows of any format. */
interface Row {
  readonly id: string;
  readonly messages: readonly { readonly train?: boolean }[];
  readonly labels: readonly number[];
}

async function rowsOf(name: string): Promise<readonly Row[]> {
  return (await read(name))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const exported = (...flags: readonly string[]): Promise<Ran> => world.run(["export", run, ...flags]);
const tokens = (): readonly string[] => ["--tokenizer", tokenizer, "--template", "llama3"];

/** The mask of each row of `messages`: the assistant's turns in order. */
async function masks(name: string): Promise<readonly (readonly boolean[])[]> {
  return (await rowsOf(name)).map(({ messages }) =>
    messages.flatMap(({ train }) => (train === undefined ? [] : [train])),
  );
}

describe("formats", () => {
  test.each(["messages", "openai", "together", "llamafactory-v1", "prefix", "prompt-completion"])(
    "%s is written with a README that names its engines",
    async (format) => {
      const { code, stderr, stdout } = await exported("--format", format, "--out", "rows.jsonl", "--json");
      expect(code).toBe(0);
      const rows = await rowsOf("rows.jsonl");
      expect(JSON.parse(stdout)).toMatchObject({ format, rows: rows.length, replaced: false });
      expect(stderr).toContain(`Exported ${rows.length} rows (${format}) to rows.jsonl.\n`);
      expect(await read("rows.jsonl.README.md")).toContain(
        "## Engines that train exactly Eq. 1 from it, and their settings",
      );
    },
  );

  test("prefix has a row for each correct turn", async () => {
    await exported("--format", "messages", "--out", "whole.jsonl");
    await exported("--format", "prefix", "--out", "prefix.jsonl");
    const correct = (await masks("whole.jsonl")).flat().filter(Boolean);
    expect(await rowsOf("prefix.jsonl")).toHaveLength(correct.length);
  });
});

describe("tokenised formats", () => {
  test("the command line knows the endings of the library", () => {
    const endings = Object.entries(TOKENIZED_FORMATS).map(([name, { ending }]) => [name, ending]);
    expect(TOKENIZED_ENDINGS).toEqual(Object.fromEntries(endings));
  });

  test("JSON lines and Parquet hold the same rows, and tokens are counted", async () => {
    const lines = await exported("--format", "tokenized-jsonl", ...tokens(), "--out", "t.jsonl", "--json");
    const parquet = await exported("--format", "tokenized-parquet", ...tokens(), "--out", "t.parquet");
    expect([lines.code, parquet.code]).toEqual([0, 0]);
    const rows = await rowsOf("t.jsonl");
    expect(
      await parquetReadObjects({ file: await asyncBufferFromFile(join(world.directory, "t.parquet")) }),
    ).toEqual(rows);
    const labels = rows.flatMap((row) => row.labels);
    const supervised = labels.filter((label) => label !== -100).length;
    expect(JSON.parse(lines.stdout)).toMatchObject({
      rows: rows.length,
      tokens: labels.length,
      supervised,
      longest: Math.max(...rows.map((row) => row.labels.length)),
      maxTokens: 8192,
    });
    expect(lines.stderr).toContain(`${supervised.toLocaleString("en-US")} of them in the loss`);
    expect(await read("t.jsonl.README.md")).toContain("- template: llama3");
  });

  test("hf-disk is a folder, which --force replaces only when it is one", async () => {
    const disk = ["--format", "hf-disk", ...tokens()];
    expect((await exported(...disk, "--out", "disk")).code).toBe(0);
    const names = ["README.md", "dataset_dict.json", "train"];
    expect((await readdir(join(world.directory, "disk"))).sort()).toEqual(names);
    expect(await exported(...disk, "--out", "disk")).toMatchObject({
      code: 2,
      stderr: "Error: disk exists. Give another name, or --force to replace it.\n",
    });
    expect((await exported(...disk, "--out", "disk", "--force")).stderr).toContain("replacing it");
    await writeFile(join(world.directory, "disk", "thesis.tex"), "mine");
    expect(await exported(...disk, "--out", "disk", "--force")).toMatchObject({
      code: 2,
      stderr: "Error: disk is not replaced: it holds thesis.tex. Give the name of a new folder.\n",
    });
    expect(await read("disk/thesis.tex")).toBe("mine");
  });

  test("rows are cut at a turn, and told", async () => {
    const limit = ["--max-tokens", "3000", "--json"];
    const { stdout, stderr } = await exported(
      "--format",
      "tokenized-jsonl",
      ...tokens(),
      ...limit,
      "--out",
      "t.jsonl",
    );
    const { cut, longest } = JSON.parse(stdout);
    expect(cut).toBeGreaterThan(0);
    expect(longest).toBeLessThanOrEqual(3000);
    expect(stderr).toContain(`Cut at a turn: ${cut} row`);
    for (const { labels } of await rowsOf("t.jsonl")) expect(labels.at(-1)).not.toBe(-100);
  });

  test("settings stand in the config file and are ignored by other formats", async () => {
    const settings = { export: { format: "tokenized-jsonl", tokenizer, template: "qwen", maxTokens: 4000 } };
    await writeFile(join(world.directory, "agentrefine.config.json"), JSON.stringify(settings));
    expect((await exported("--out", "t.jsonl")).code).toBe(0);
    expect(await read("t.jsonl.README.md")).toContain("- template: qwen");
    expect((await exported("--format", "messages", "--out", "m.jsonl")).code).toBe(0);
  });

  test.each([
    [["--format", "hf-disk"], "hf-disk needs --tokenizer and --template"],
    [["--format", "hf-disk", "--tokenizer", "tiny"], "hf-disk needs --template"],
    [["--format", "messages", "--max-tokens", "9"], "--max-tokens is not for messages"],
    [
      ["--format", "hf-disk", "--tokenizer", "tiny", "--template", "llama3", "--out", "x.jsonl"],
      "hf-disk is a folder",
    ],
    [
      ["--format", "hf-disk", "--tokenizer", "nowhere", "--template", "llama3"],
      "nowhere is not a tokenizer folder",
    ],
    [
      ["--format", "hf-disk", "--tokenizer", "tiny", "--template", "mistral"],
      "does not have the special tokens",
    ],
  ])("%j is refused before anything is written", async (flags, words) => {
    await writeTokenizer(join(world.directory, "tiny"), tinyTokenizer());
    const out = flags.includes("--out") ? [] : ["--out", "disk"];
    const { code, stderr, stdout } = await exported(...flags, ...out);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(await readdir(world.directory)).toEqual(["tiny"]);
  });

  test("a limit that no row fits in leaves nothing", async () => {
    const { code, stderr } = await exported(
      "--format",
      "hf-disk",
      ...tokens(),
      "--max-tokens",
      "5",
      "--out",
      "d",
    );
    expect(code).toBe(1);
    expect(stderr).toContain("Raise --max-tokens");
    expect(await readdir(world.directory)).toEqual([]);
  });
});

describe("--engine", () => {
  test.each([
    ["llamafactory", "conversations", "Use --format hf-disk"],
    ["trl", "messages", "Use --format hf-disk"],
    ["nemo-rl", "openai", "Use --format prefix"],
    ["mistral-finetune", "together", "Use --format openai"],
    ["openai", "trajectories", "no engine trains on trajectories"],
  ])("%s is not given %s", async (engine, format, words) => {
    const { code, stderr } = await exported("--engine", engine, "--format", format, "--out", "x.jsonl");
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(await readdir(world.directory)).toEqual([]);
  });

  test("chooses its format, over the config too, and its settings are told", async () => {
    await writeFile(
      join(world.directory, "agentrefine.config.json"),
      '{"export":{"format":"conversations"}}',
    );
    const { stdout, stderr } = await exported("--engine", "axolotl", "--out", "x.jsonl", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      format: "messages",
      engine: { title: "axolotl", settings: expect.stringContaining("message_field_training: train") },
    });
    expect(stderr).toContain("In axolotl: type: chat_template");
  });
});

describe("ablations and subsets", () => {
  test("of the loss change the mask, and the README says so first", async () => {
    const flags = ["--format", "messages", "--out"];
    await exported(...flags, "eq1.jsonl");
    await exported(...flags, "all.jsonl", "--ablation", "erroneous-loss");
    await exported(...flags, "none.jsonl", "--ablation", "no-refinement-loss");
    const [eq1, all, none] = [await masks("eq1.jsonl"), await masks("all.jsonl"), await masks("none.jsonl")];
    expect(eq1.flat()).toContain(false);
    expect(all).toEqual(eq1.map((mask) => mask.map(() => true)));
    expect(none).toEqual(eq1.map((mask) => mask.map((trained, at) => trained && mask[at - 1] !== false)));
    expect(await read("all.jsonl.README.md")).toMatch(/^> \*\*This is the ablation `erroneous-loss`/);
    expect(await read("eq1.jsonl.README.md")).not.toContain("ablation");
  });

  test("the README of a tokenised ablation says so too", async () => {
    await exported("--format", "hf-disk", ...tokens(), "--out", "d", "--ablation", "erroneous-loss");
    expect(await read("d/README.md")).toMatch(/^> \*\*This is the ablation `erroneous-loss`/);
  });

  test("subsets are nested, and an ablation has the same rows", async () => {
    const ids = async (size: string, seed: string, ...flags: readonly string[]) => {
      await exported(
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
      return (await rowsOf("s.jsonl")).map(({ id }) => id);
    };
    const [small, large] = [await ids("3", "1"), await ids("6", "1")];
    expect([small.length, large.length]).toEqual([3, 6]);
    expect(large).toEqual(expect.arrayContaining(small));
    expect(await ids("6", "2")).not.toEqual(large);
    expect(await ids("3", "1", "--ablation", "erroneous-loss")).toEqual(small);
    expect(await read("s.jsonl.README.md")).toContain("- subset: 3 trajectories, seed 1");
  });

  test("a subset that is too large leaves nothing", async () => {
    const { code, stderr } = await exported("--subset", "999", "--out", "s.jsonl");
    expect(code).toBe(1);
    expect(stderr).toContain("a subset of 999 was asked for");
    expect(await readdir(world.directory)).toEqual([]);
  });

  test("without verification, what failed it is kept in its three kinds", async () => {
    server = await startOfflineServer();
    const model = ["--model", "some", "--base-url", server.url, "--no-stream", "--limit", "14"];
    const environment = { AGENTREFINE_API_KEY: "key" };
    await world.run(["generate", ...model, "--out", "whole"], { environment });
    const flags = ["--ablation", "no-verification", "--format", "messages", "--out", "u.jsonl", "--json"];
    const { code, stdout, stderr } = await world.run(["export", "whole", ...flags]);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Not verified (Table 11)"),
    });
    const { kinds, rows } = JSON.parse(stdout);
    expect(kinds["few-errors"] + kinds["unmatched-action"]).toBeGreaterThan(0);
    expect(kinds.right).toBeGreaterThan(0);
    expect(rows).toBe(kinds["few-errors"] + kinds["unmatched-action"] + kinds.right);
    expect(await rowsOf("u.jsonl")).toHaveLength(rows);
  });

  test("that is refused for a run whose replies were stopped at their first fault", async () => {
    const { code, stderr } = await exported("--ablation", "no-verification", "--out", "u.jsonl");
    expect(code).toBe(1);
    expect(stderr).toContain("replies of this run were stopped at their first fault");
    expect(await readdir(world.directory)).toEqual([]);
  });
});

describe("--hub", () => {
  test("writes the layout with the origin of each row", async () => {
    const { code, stderr, stdout } = await exported("--hub", "hub", "--license", "apache-2.0", "--json");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^Exported \d+ rows \(hub\) to hub\.\n$/),
    });
    const file = await asyncBufferFromFile(
      join(world.directory, "hub", "data", "train-00000-of-00001.parquet"),
    );
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(JSON.parse(stdout).rows);
    expect(rows[0]).toMatchObject({
      persona_source: "the personas that come with agentrefine",
      persona_license: "Apache-2.0",
    });
    const card = await read("hub/README.md");
    expect(card).toContain('license: "apache-2.0"');
    expect(card).toContain("- written by: offline");
    expect(card).not.toContain(shared.directory);
  });

  test("says which licences are missing, and does not tell where the personas lie", async () => {
    await mkdir(join(world.directory, "private"));
    await writeFile(join(world.directory, "private", "mine.txt"), "A baker.\nA sailor.\nA nurse.\n");
    const personas = ["private/mine.txt", "--model", "offline", "--out", "own"];
    await world.run(["generate", ...personas]);
    const { stderr } = await world.run(["export", "own", "--hub", "hub"]);
    expect(stderr).toContain("The card names no licence of the data; give it with --license.");
    expect(stderr).toContain("The card names no licence of the personas; give it with --persona-license.");
    const card = await read("hub/README.md");
    expect(card).toContain("- personas: mine.txt, licence: unknown");
    expect(card).not.toContain("private");
  });

  test.each([
    [["--out", "x.jsonl"], "--out and --hub were both given"],
    [["--format", "messages"], "--format is not for --hub"],
    [["--ablation", "erroneous-loss"], "--ablation is not for --hub"],
  ])("%j does not go with it", async (flags, words) => {
    expect(await exported("--hub", "hub", ...flags)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    });
  });
});

describe("an export", () => {
  test.each([
    [[], "no file to write was given"],
    [["--out", "x.jsonl", "--license", "mit"], "--license is for --hub only"],
    [["--out", "x.jsonl", "--seed", "2"], "--seed is for --subset only"],
    [["--out", "x.jsonl", "--format", "trajectories", "--ablation", "erroneous-loss"], "an ablation changes"],
  ])("%j is refused", async (flags, words) => {
    const { code, stderr } = await exported(...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("never replaces the run that it reads", async () => {
    await world.run(["generate", "--model", "offline", "--limit", "3", "--out", "run"]);
    const journal = await read("run/syntheses.jsonl");
    const { code, stderr } = await world.run(["export", "run", "--out", "run/syntheses.jsonl", "--force"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "Error: run/syntheses.jsonl is what the rows are read from. Give another name.\n",
    });
    expect(await read("run/syntheses.jsonl")).toBe(journal);
    const folder = await world.run(["export", "run", "--hub", "run", "--force"]);
    expect(folder).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("run is not replaced: it holds"),
    });
  });

  test("of a run that has not ended says how far it is", async () => {
    await world.run(["generate", "--model", "offline", "--limit", "6", "--out", "run"]);
    const lines = (await read("run/syntheses.jsonl")).split("\n");
    await writeFile(join(world.directory, "run", "syntheses.jsonl"), `${lines.slice(0, 4).join("\n")}\n`);
    const plain = await world.run(["export", "run", "--out", "a.jsonl"]);
    expect(plain.code).toBe(0);
    expect(plain.stderr).toContain("The run is not finished: 4 of 6 personas have ended.");
    const subset = await world.run(["export", "run", "--out", "b.jsonl", "--subset", "1"]);
    expect(subset.stderr).toContain("4 of 6 personas have ended.");
    expect(subset.stderr).toContain("Exported 1 row ");
  });

  test("shows on a terminal how far it is, and Ctrl-C leaves nothing", async () => {
    let isFirst = true;
    const interrupted = await world.run(["export", run, "--out", "rows.jsonl"], {
      isTTY: true,
      onWrite: () => {
        if (isFirst) world.interrupt();
        isFirst = false;
      },
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain("0 rows");
    expect(await readdir(world.directory)).toEqual([]);
  });
});
