import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
import { highestTokenId } from "../../tokens/tokenizer-folder.ts";
import type { TrainFlags } from "./train-flags.ts";
import { type TrainingModel, trainingModel } from "./training-model.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "agentrefine-model-"));
});

afterEach(() => rm(directory, { recursive: true }));

function found(flags: Partial<TrainFlags>): Promise<TrainingModel> {
  return trainingModel(
    { engine: "trl", model: "model", template: "llama3", out: "out", ...flags },
    directory,
  );
}

async function writeModel(name: string, configuration: object = {}): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, "config.json"), JSON.stringify(configuration));
}

describe("trainingModel", () => {
  test("refuses a tokenizer that is not the model's", async () => {
    await writeModel("model");
    await writeTokenizer(join(directory, "model"), tinyTokenizer());
    await writeTokenizer(join(directory, "other"), tinyTokenizer({ specials: ["<|im_end|>"] }));
    await writeTokenizer(join(directory, "same"), tinyTokenizer());
    await expect(found({ tokenizer: "other" })).rejects.toThrow("other is not the tokenizer of model");
    expect(await found({ tokenizer: "same" })).toMatchObject({ tokenizer: join(directory, "same") });
    expect(await found({})).toMatchObject({ tokenizer: join(directory, "model") });
  });

  test("refuses a tokenizer with ids that the model does not know", async () => {
    await writeTokenizer(join(directory, "other"), tinyTokenizer());
    const highest = highestTokenId(tinyTokenizer());
    await writeModel("model", { vocab_size: highest });
    await expect(found({ tokenizer: "other" })).rejects.toThrow(
      `has ids up to ${highest}, and model knows ${highest} tokens`,
    );
    await writeModel("model", { vocab_size: highest + 1 });
    expect(await found({ tokenizer: "other" })).toMatchObject({ name: join(directory, "model") });
  });

  test("takes the size that was given, else that of the name, else that of config.json", async () => {
    const shape = { hidden_size: 1000, num_hidden_layers: 1, intermediate_size: 1, num_attention_heads: 1 };
    await writeTokenizer(join(directory, "other"), tinyTokenizer());
    const tokenizer = "other";
    for (const name of ["model", "llama-8b"]) await writeModel(name, { vocab_size: 1_000_000, ...shape });
    expect(await found({ tokenizer })).toMatchObject({ billions: expect.closeTo(2, 1) });
    expect(await found({ tokenizer, model: "llama-8b" })).toMatchObject({ billions: 8 });
    expect(await found({ tokenizer, size: 70 })).toMatchObject({ billions: 70 });
    expect(await found({ tokenizer, model: "owner/name" })).toMatchObject({ billions: undefined });
  });
});
