import { describe, expect, it } from "vitest";
import { TRAINING_ENGINE_NAMES } from "../dataset/engines.ts";
import { engineSettings, loggingSteps, requireFreeKeys } from "./engines.ts";
import { recipeOf } from "./recipe.ts";

describe("requireFreeKeys", () => {
  it.each([
    ["trl", "max_length"],
    ["axolotl", "sequence_len"],
  ] as const)("refuses for %s the key %s, which would cut in a turn", (engine, key) => {
    expect(() => requireFreeKeys(engine, { [key]: 1 })).toThrow(
      expect.objectContaining({ fix: expect.stringContaining("Use 'maxTokens'") }),
    );
  });

  it("lets the engines' own keys through", () => {
    for (const engine of TRAINING_ENGINE_NAMES) {
      requireFreeKeys(engine, { learning_rate: 0.0001, flash_attn: "fa2", toString: 1 });
    }
  });

  it.each([
    ["trl", "assistant_only_loss"],
    ["llamafactory", "train_on_prompt"],
    ["axolotl", "train_on_inputs"],
  ] as const)("refuses for %s the key %s, which decides what is trained", (engine, key) => {
    expect(() => requireFreeKeys(engine, { [key]: true })).toThrow("decides which tokens are trained");
  });

  it.each([
    ["trl", ["packing", "padding_free"]],
    ["llamafactory", ["packing", "neat_packing"]],
    ["axolotl", ["sample_packing", "batch_flattening", "min_sample_len"]],
  ] as const)("refuses for %s keys that change what a row is", (engine, keys) => {
    for (const key of keys) {
      expect(() => requireFreeKeys(engine, { [key]: true })).toThrow("decides what a row is");
    }
  });

  it.each([
    ["trl", ["loss_type", "label_smoothing_factor"]],
    ["llamafactory", ["use_dft_loss", "use_asft_loss", "use_eaft_loss", "label_smoothing_factor"]],
    ["axolotl", ["rl", "kd_trainer", "use_eaft"]],
  ] as const)("refuses for %s keys that make it another loss", (engine, keys) => {
    for (const key of keys) {
      expect(() => requireFreeKeys(engine, { [key]: true })).toThrow("decides what the loss is");
    }
  });

  it.each(TRAINING_ENGINE_NAMES)(
    "refuses for %s keys by which losses and checkpoints would not be found",
    (engine) => {
      for (const keys of [
        { logging_strategy: "epoch" },
        { logging_first_step: true, logging_steps: 10 },
        { output_dir: "x" },
      ]) {
        expect(() => requireFreeKeys(engine, keys)).toThrow("decides where losses and checkpoints are found");
      }
    },
  );
});

describe("engineSettings", () => {
  it("lets other keys stand over the recipe's, and says which", () => {
    const recipe = recipeOf({
      model: "m-8b",
      template: "llama3",
      hardware: { nodes: 1, gpusPerNode: 8 },
      engineKeys: { learning_rate: 0.0001, gradient_accumulation_steps: 8, flash_attn: "fa2" },
    });
    const chat = { jinja: "", endOfTurn: "</s>", endOfTurnId: 2, padToken: undefined };
    const { settings, replaced } = engineSettings("trl", recipe, chat);
    expect(settings).toMatchObject({ learning_rate: 0.0001, flash_attn: "fa2", eos_token: "</s>" });
    expect(replaced).toEqual(["learning_rate is 0.0001 instead of the recipe's 0.000005."]);
  });
});

describe("loggingSteps", () => {
  it("is 1, or what was set", () => {
    expect(loggingSteps({})).toBe(1);
    expect(loggingSteps({ logging_steps: 10 })).toBe(10);
  });

  it.each([0, 0.1, "10", null])("refuses %s", (value) => {
    expect(() => loggingSteps({ logging_steps: value })).toThrow("logging_steps");
  });
});
