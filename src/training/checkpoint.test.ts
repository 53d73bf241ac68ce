import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../tokens/testing/tiny-tokenizer.ts";
import { openJob } from "../tokens/tokenize-example.ts";
import { recipeOf } from "./recipe.ts";
import { COMPLETION, chatEnding, completionFiles, recipeFiles } from "./training-folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-checkpoint-"));
  // A base model's tokenizer: another token ends its texts, and there is no template.
  const { chatTemplate: _none, ...base } = tinyTokenizer();
  await writeTokenizer(join(folder, "tokenizer"), {
    ...base,
    chatTemplate: undefined,
    config: { ...base.config, eos_token: "<|begin_of_text|>" },
  });
});

afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, value: object): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), JSON.stringify(value));
}

async function read(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, path), "utf8"));
}

/** Completes what is in the folder, as `launch.sh` does. */
async function complete(): Promise<void> {
  const tokenizer = join(folder, "tokenizer");
  const chat = chatEnding(await openJob({ tokenizer, template: "llama3", maxTokens: 100 }));
  for (const { path, text } of completionFiles(chat, tokenizer)) await writeFile(join(folder, path), text);
  const { status, stderr } = spawnSync("python3", [COMPLETION], { cwd: folder, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)("the completion of checkpoints", () => {
  it("gives a base model's the template, its end-of-turn token and a generation config that stops there", async () => {
    const { config } = tinyTokenizer();
    await write("checkpoints/config.json", { model_type: "llama", eos_token_id: 0 });
    await write("checkpoints/tokenizer_config.json", { ...config, eos_token: "<|begin_of_text|>" });
    await write("checkpoints/special_tokens_map.json", { eos_token: "<|begin_of_text|>", pad_token: "p" });
    await write("checkpoints/checkpoint-7/config.json", { model_type: "llama" });
    await write("checkpoints/checkpoint-7/generation_config.json", { eos_token_id: [0, 3], top_p: 0.9 });
    await complete();
    const { chat_template: template, eos_token: end } = await read("checkpoints/tokenizer_config.json");
    expect(end).toBe("<|eot_id|>");
    expect(template).toContain("add_generation_prompt");
    expect(await readFile(join(folder, "checkpoints", "chat_template.jinja"), "utf8")).toBe(template);
    expect(await read("checkpoints/special_tokens_map.json")).toEqual({ eos_token: end, pad_token: "p" });
    expect(await read("checkpoints/generation_config.json")).toEqual({ eos_token_id: [3, 0] });
    // What an engine saved on the way, here without a tokenizer of its own.
    expect(await read("checkpoints/checkpoint-7/generation_config.json")).toEqual({
      eos_token_id: [3, 0],
      top_p: 0.9,
    });
    expect(await read("checkpoints/checkpoint-7/tokenizer.json")).toEqual(
      await read("tokenizer/tokenizer.json"),
    );
    expect(await read("checkpoints/checkpoint-7/tokenizer_config.json")).toMatchObject({ eos_token: end });
  });

  it("gives an adapter no generation config, and nothing to what is no checkpoint", async () => {
    await write("checkpoints/adapter_config.json", {});
    await write("checkpoints/checkpoint-3/trainer_state.json", {});
    await complete();
    expect((await readdir(join(folder, "checkpoints"))).sort()).toEqual([
      "adapter_config.json",
      "chat_template.jinja",
      "checkpoint-3",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(await readdir(join(folder, "checkpoints", "checkpoint-3"))).toEqual(["trainer_state.json"]);
  });

  it("is run by launch.sh whatever ends the engine, with its exit code", async () => {
    const tokenizer = join(folder, "tokenizer");
    const chat = chatEnding(await openJob({ tokenizer, template: "llama3", maxTokens: 100 }));
    const recipe = recipeOf({
      model: "m",
      template: "llama3",
      tokenizer,
      hardware: { nodes: 1, gpusPerNode: 0 },
    });
    for (const { path, text } of recipeFiles("trl", recipe, chat)) await writeFile(join(folder, path), text);
    const saves =
      "import json, os, sys\nos.makedirs('checkpoints')\nopen('checkpoints/config.json', 'w').write('{}')\n";
    await writeFile(join(folder, "train.py"), `${saves}sys.exit(7)\n`);
    expect(spawnSync("bash", ["launch.sh"], { cwd: folder }).status).toBe(7);
    expect(await read("checkpoints/generation_config.json")).toEqual({ eos_token_id: [3] });
  });
});
