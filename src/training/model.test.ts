import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../tokens/testing/tiny-tokenizer.ts";
import { highestTokenId } from "../tokens/tokenizer-folder.ts";
import { type ModelChoice, readModelConfiguration, type TrainingModel, trainingModel } from "./model.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-model-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function read(text: string) {
  await writeFile(join(folder, "config.json"), text);
  return readModelConfiguration(folder);
}

/** Mistral 7B. */
const MISTRAL = {
  vocab_size: 32_768,
  hidden_size: 4096,
  num_hidden_layers: 32,
  intermediate_size: 14_336,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  head_dim: null,
  tie_word_embeddings: false,
};

describe("readModelConfiguration", () => {
  it.each([
    ["Mistral 7B", MISTRAL, 7.25],
    ["Llama 3 8B", { ...MISTRAL, vocab_size: 128_256 }, 8.03],
    ["Mixtral 8x7B", { ...MISTRAL, vocab_size: 32_000, num_local_experts: 8 }, 46.7],
    [
      "Qwen 3 0.6B, whose heads are wider than its layers, and which has its embeddings once",
      {
        vocab_size: 151_936,
        hidden_size: 1024,
        num_hidden_layers: 28,
        intermediate_size: 3072,
        num_attention_heads: 16,
        num_key_value_heads: 8,
        head_dim: 128,
        tie_word_embeddings: true,
      },
      0.596,
    ],
  ])("knows about how large %s is", async (_name, configuration, billions) => {
    const { billions: found = 0, vocabulary } = await read(JSON.stringify(configuration));
    expect(vocabulary).toBe(configuration.vocab_size);
    expect(Math.abs(found / billions - 1)).toBeLessThan(0.01);
  });

  it("reads the language model's form where a model has others too", async () => {
    const found = await read(JSON.stringify({ vocab_size: 7, text_config: MISTRAL }));
    expect(found).toMatchObject({ vocabulary: 32_768, billions: expect.closeTo(7.25, 1) });
  });

  it("tells nothing of a form that it does not know", async () => {
    expect(await read('{"n_embd": 768, "vocab_size": 50257, "hidden_size": "wide"}')).toEqual({
      vocabulary: 50_257,
      billions: undefined,
    });
  });

  it.each(["{", "[]", "null"])("refuses %s", async (text) => {
    await expect(read(text)).rejects.toThrow("is not a model's configuration");
  });
});

function found(choice: Partial<ModelChoice>): Promise<TrainingModel> {
  return trainingModel("trl", { model: "model", directory: folder, ...choice });
}

async function writeModel(name: string, configuration: object = {}): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "config.json"), JSON.stringify(configuration));
}

describe("trainingModel", () => {
  it("refuses a tokenizer that is not the model's", async () => {
    await writeModel("model");
    await writeTokenizer(join(folder, "model"), tinyTokenizer());
    await writeTokenizer(join(folder, "other"), tinyTokenizer({ specials: ["<|im_end|>"] }));
    await writeTokenizer(join(folder, "same"), tinyTokenizer());
    await expect(found({ tokenizer: "other" })).rejects.toThrow("other is not the tokenizer of model");
    expect(await found({ tokenizer: "same" })).toMatchObject({ tokenizer: join(folder, "same") });
    expect(await found({})).toMatchObject({ tokenizer: join(folder, "model") });
  });

  it("refuses a tokenizer with ids that the model does not know", async () => {
    await writeTokenizer(join(folder, "other"), tinyTokenizer());
    const highest = highestTokenId(tinyTokenizer());
    await writeModel("model", { vocab_size: highest });
    await expect(found({ tokenizer: "other" })).rejects.toThrow(
      `has ids up to ${highest}, and model knows ${highest} tokens`,
    );
    await writeModel("model", { vocab_size: highest + 1 });
    expect(await found({ tokenizer: "other" })).toMatchObject({ name: join(folder, "model") });
  });

  it("takes the size of the name, else that of config.json", async () => {
    const shape = { hidden_size: 1000, num_hidden_layers: 1, intermediate_size: 1, num_attention_heads: 1 };
    await writeTokenizer(join(folder, "other"), tinyTokenizer());
    const tokenizer = "other";
    for (const name of ["model", "llama-8b"]) await writeModel(name, { vocab_size: 1_000_000, ...shape });
    expect(await found({ tokenizer })).toMatchObject({ billions: expect.closeTo(2, 1) });
    expect(await found({ tokenizer, model: "llama-8b" })).toMatchObject({ billions: 8 });
    expect(await found({ tokenizer, model: "owner/name" })).toMatchObject({ billions: undefined });
  });
});
