import { describe, expect, it } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { billionsInName, type RecipeSettings, recipeOf } from "./recipe.ts";

const node = { nodes: 1, gpusPerNode: 8 };
const settings: RecipeSettings = { model: "meta-llama/Meta-Llama-3-8B", template: "llama3", hardware: node };

describe("recipeOf", () => {
  it("is the paper's recipe when nothing else is asked for", () => {
    expect(recipeOf(settings)).toEqual({
      model: "meta-llama/Meta-Llama-3-8B",
      template: "llama3",
      tokenizer: "meta-llama/Meta-Llama-3-8B",
      hardware: node,
      method: "full",
      maxTokens: 8192,
      perDevice: 1,
      accumulation: 8,
      batch: 64,
      epochs: 10,
      learningRate: 0.000005,
      deepSpeed: "zero3",
      engineKeys: {},
    });
  });

  it("cuts rows of large models shorter", () => {
    expect(recipeOf({ ...settings, model: "meta-llama/Meta-Llama-3-70B" }).maxTokens).toBe(4096);
    expect(recipeOf({ ...settings, model: "/models/mine", billions: 72 }).maxTokens).toBe(4096);
    expect(recipeOf({ ...settings, billions: 72, maxTokens: 2048 }).maxTokens).toBe(2048);
  });

  it("spreads a model over cards only when it does not fit on one", () => {
    const small = { ...settings, model: "Qwen/Qwen2.5-1.5B" };
    expect(recipeOf(small).deepSpeed).toBe("none");
    expect(recipeOf({ ...settings, method: "lora" }).deepSpeed).toBe("none");
    expect(recipeOf({ ...settings, hardware: { nodes: 1, gpusPerNode: 1 } }).deepSpeed).toBe("zero3-offload");
    expect(recipeOf({ ...settings, hardware: { nodes: 1, gpusPerNode: 0 } }).deepSpeed).toBe("none");
  });

  it("refuses rows, accumulation and devices that are not a batch of 64", () => {
    const fix = (change: Partial<RecipeSettings>): string | undefined => {
      try {
        recipeOf({ ...settings, ...change });
      } catch (error) {
        return error instanceof AgentRefineError ? `${error.message}; ${error.fix}` : undefined;
      }
      return undefined;
    };
    expect(fix({ accumulation: 4 })).toBe(
      "a batch of 64 cannot be made of 1 row on each of 8 devices and an accumulation of 4; " +
        "Use 'accumulation' 8, or say with 'batch' that another batch is meant.",
    );
    expect(fix({ hardware: { nodes: 1, gpusPerNode: 3 } })).toBe(
      "a batch of 64 cannot be made of 1 row on each of 3 devices; " +
        "Use numbers of devices and rows that divide 64, or say with 'batch' that another is meant.",
    );
    expect(fix({ perDevice: 0 })).toBeDefined();
    expect(fix({ perDevice: 2, accumulation: 4 })).toBeUndefined();
    expect(fix({ hardware: { nodes: 4, gpusPerNode: 8 }, perDevice: 2 })).toBeUndefined();
    expect(fix({ batch: 32, accumulation: 8 })).toContain("a batch of 32");
  });

  it("takes another batch when it is asked for", () => {
    expect(recipeOf({ ...settings, batch: 128 })).toMatchObject({ batch: 128, accumulation: 16 });
    expect(recipeOf({ ...settings, batch: 32, accumulation: 4 }).batch).toBe(32);
  });
});

describe("billionsInName", () => {
  it.each([
    ["meta-llama/Meta-Llama-3-8B", 8],
    ["mistralai/Mistral-7B-v0.3", 7],
    ["Qwen/Qwen2.5-1.5B-Instruct", 1.5],
    ["HuggingFaceTB/SmolLM-135M", 0.135],
    ["/home/70b/tiny", undefined],
  ])("%s", (model, billions) => {
    expect(billionsInName(model)).toBe(billions);
  });
});
