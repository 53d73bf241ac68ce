import { describe, expect, it } from "vitest";
import { TRAINING_ENGINES } from "../recipes/recipe-files.ts";
import type { TrainingEngineName } from "../recipes/training-engine-name.ts";
import { loggingSteps, requireFreeKeys } from "./engine-keys.ts";

describe("requireFreeKeys", () => {
  it("lets the engines' own keys through", () => {
    for (const engine of Object.keys(TRAINING_ENGINES) as TrainingEngineName[]) {
      requireFreeKeys(engine, { learning_rate: 0.0001, flash_attn: "fa2", toString: 1 });
    }
  });

  it.each([
    ["trl", "per_device_train_batch_size", "--per-device"],
    ["trl", "max_length", "--max-tokens"],
    ["llamafactory", "cutoff_len", "--max-tokens"],
    ["llamafactory", "gradient_accumulation_steps", "--accumulation"],
    ["axolotl", "micro_batch_size", "--per-device"],
    ["axolotl", "output_dir", "--out"],
  ] as const)("refuses for %s the key %s in favour of %s", (engine, key, flag) => {
    expect(() => requireFreeKeys(engine, { [key]: 1 })).toThrow(
      expect.objectContaining({ fix: `Use ${flag}, which is checked.` }),
    );
  });

  it.each([
    ["trl", "assistant_only_loss"],
    ["llamafactory", "train_on_prompt"],
    ["axolotl", "train_on_inputs"],
  ] as const)("refuses for %s the key %s, which decides what is trained", (engine, key) => {
    expect(() => requireFreeKeys(engine, { [key]: true })).toThrow("decides which tokens are trained");
  });

  it.each([
    ["trl", ["packing", "packing_strategy", "padding_free", "auto_find_batch_size", "accelerator_config"]],
    ["llamafactory", ["packing", "neat_packing", "auto_find_batch_size"]],
    ["axolotl", ["sample_packing", "batch_flattening", "auto_find_batch_size", "context_parallel_size"]],
  ] as const)("refuses for %s keys that change what a step's rows are", (engine, keys) => {
    for (const key of keys) {
      expect(() => requireFreeKeys(engine, { [key]: true })).toThrow("decides which rows make up a step");
    }
  });

  it.each([
    ["trl", ["loss_type", "label_smoothing_factor", "average_tokens_across_devices"]],
    ["llamafactory", ["use_dft_loss", "use_asft_loss", "use_eaft_loss", "label_smoothing_factor"]],
    ["axolotl", ["rl", "kd_trainer", "use_eaft"]],
  ] as const)("refuses for %s keys that make it another loss", (engine, keys) => {
    for (const key of keys) {
      expect(() => requireFreeKeys(engine, { [key]: true })).toThrow("decides what the loss is");
    }
  });

  it.each(Object.keys(TRAINING_ENGINES) as TrainingEngineName[])(
    "refuses for %s keys by which the step of a loss would not be known",
    (engine) => {
      for (const keys of [{ logging_strategy: "epoch" }, { logging_first_step: true, logging_steps: 10 }]) {
        expect(() => requireFreeKeys(engine, keys)).toThrow("decides after which steps a loss is printed");
      }
    },
  );
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
