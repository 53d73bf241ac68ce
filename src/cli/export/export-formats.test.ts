import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
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

describe("formats", () => {
  test("a name without an ending gets that of the engine's format, as the line after generate gives it", async () => {
    const { code, stderr } = await host.exported("--engine", "axolotl", "--out", "train");
    expect(code).toBe(0);
    expect(stderr).toContain("to train.jsonl.\n");
    expect((await host.rowsOf("train.jsonl")).length).toBeGreaterThan(0);
  });

  test.each(["messages", "openai", "together", "llamafactory-v1", "prefix", "prompt-completion"])(
    "%s is written with a README that names its engines",
    async (format) => {
      const { code, stderr, stdout } = await host.exported(
        "--format",
        format,
        "--out",
        "rows.jsonl",
        "--json",
      );
      expect(code).toBe(0);
      const rows = await host.rowsOf("rows.jsonl");
      expect(JSON.parse(stdout)).toMatchObject({ format, rows: rows.length, replaced: false });
      expect(stderr).toContain(`Exported ${rows.length} rows (${format}) to rows.jsonl.\n`);
      expect(await host.read("rows.jsonl.README.md")).toMatch(
        /^## Engines that train (exactly )?Eq\. 1 from it, and their settings$/m,
      );
    },
  );

  test("prefix has a row for each correct turn", async () => {
    await host.exported("--format", "messages", "--out", "whole.jsonl");
    await host.exported("--format", "prefix", "--out", "prefix.jsonl");
    const correct = (await host.masks("whole.jsonl")).flat().filter(Boolean);
    expect(await host.rowsOf("prefix.jsonl")).toHaveLength(correct.length);
  });
});

describe("tokenised formats", () => {
  test("JSON lines and Parquet hold the same rows, and tokens are counted", async () => {
    const lines = await host.exported(
      "--format",
      "tokenized-jsonl",
      ...host.tokens,
      "--out",
      "t.jsonl",
      "--json",
    );
    const parquet = await host.exported(
      "--format",
      "tokenized-parquet",
      ...host.tokens,
      "--out",
      "t.parquet",
    );
    expect([lines.code, parquet.code]).toEqual([0, 0]);
    const rows = await host.rowsOf("t.jsonl");
    expect(
      await parquetReadObjects({ file: await asyncBufferFromFile(join(host.directory, "t.parquet")) }),
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
    expect(await host.read("t.jsonl.README.md")).toContain("- template: llama3");
  });

  test("hf-disk is a folder, which --force replaces only when it is one", async () => {
    const disk = ["--format", "hf-disk", ...host.tokens];
    expect((await host.exported(...disk, "--out", "disk")).code).toBe(0);
    const names = ["README.md", "dataset_dict.json", "train"];
    expect((await readdir(join(host.directory, "disk"))).sort()).toEqual(names);
    expect(await host.exported(...disk, "--out", "disk")).toMatchObject({
      code: 2,
      stderr: "Error: disk exists. Give another name, or --force to replace it.\n",
    });
    expect((await host.exported(...disk, "--out", "disk", "--force")).stderr).toContain("replacing it");
    await writeFile(join(host.directory, "disk", "thesis.tex"), "mine");
    expect(await host.exported(...disk, "--out", "disk", "--force")).toMatchObject({
      code: 2,
      stderr: "Error: disk is not replaced: it holds thesis.tex. Give the name of a new folder.\n",
    });
    expect(await host.read("disk/thesis.tex")).toBe("mine");
  });

  test.each([
    [["README.md", "dataset_dict.json", "train/notes.txt"], "it holds train/notes.txt"],
    [["train/data-00000-of-00001.arrow"], "it has no README.md, which an export has"],
    [["README.md", "dataset_dict.json", "train"], "it has no files in train, which an export has"],
  ])("hf-disk does not replace a folder with %j", async (files, words) => {
    await host.write("disk", files);
    const disk = ["--format", "hf-disk", ...host.tokens, "--out", "disk"];
    expect(await host.exported(...disk, "--force")).toMatchObject({
      code: 2,
      stderr: `Error: disk is not replaced: ${words}. Give the name of a new folder.\n`,
    });
    for (const file of files) expect(await host.read(`disk/${file}`)).toBe("mine");
  });

  test("hf-disk is replaced with what datasets has kept in it", async () => {
    const disk = ["--format", "hf-disk", ...host.tokens, "--out", "disk"];
    await host.exported(...disk);
    await host.write("disk", ["train/cache-0f3_00000_of_00002.arrow"]);
    expect((await host.exported(...disk, "--force")).code).toBe(0);
    expect(await readdir(join(host.directory, "disk", "train"))).toHaveLength(3);
  });

  test("rows are cut at a turn, and told", async () => {
    const limit = ["--max-tokens", "3000", "--json"];
    const { stdout, stderr } = await host.exported(
      "--format",
      "tokenized-jsonl",
      ...host.tokens,
      ...limit,
      "--out",
      "t.jsonl",
    );
    const { cut, longest } = JSON.parse(stdout);
    expect(cut).toBeGreaterThan(0);
    expect(longest).toBeLessThanOrEqual(3000);
    expect(stderr).toContain(`Cut at a turn: ${cut} row`);
    for (const { labels } of await host.rowsOf("t.jsonl")) expect(labels.at(-1)).not.toBe(-100);
  });

  test("settings stand in the config file and are ignored by other formats", async () => {
    const settings = {
      export: { format: "tokenized-jsonl", tokenizer: shared.tokenizer, template: "qwen", maxTokens: 4000 },
    };
    await writeFile(join(host.directory, "agentrefine.config.json"), JSON.stringify(settings));
    expect((await host.exported("--out", "t.jsonl")).code).toBe(0);
    expect(await host.read("t.jsonl.README.md")).toContain("- template: qwen");
    expect((await host.exported("--format", "messages", "--out", "m.jsonl")).code).toBe(0);
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
    await writeTokenizer(join(host.directory, "tiny"), tinyTokenizer());
    const out = flags.includes("--out") ? [] : ["--out", "disk"];
    const { code, stderr, stdout } = await host.exported(...flags, ...out);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(await readdir(host.directory)).toEqual(["tiny"]);
  });

  test("a limit that no row fits in leaves nothing", async () => {
    const { code, stderr } = await host.exported(
      "--format",
      "hf-disk",
      ...host.tokens,
      "--max-tokens",
      "5",
      "--out",
      "d",
    );
    expect(code).toBe(1);
    expect(stderr).toContain("Raise --max-tokens");
    expect(await readdir(host.directory)).toEqual([]);
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
    const { code, stderr } = await host.exported("--engine", engine, "--format", format, "--out", "x.jsonl");
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("chooses its format, over the config too, and its settings are told", async () => {
    await writeFile(join(host.directory, "agentrefine.config.json"), '{"export":{"format":"conversations"}}');
    const { stdout, stderr } = await host.exported("--engine", "axolotl", "--out", "x.jsonl", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      format: "messages",
      engine: { title: "axolotl", settings: expect.stringContaining("message_field_training: train") },
    });
    expect(stderr).toContain("In axolotl: message_field_training: train, ds_type: json, type: chat_template");
  });
});
