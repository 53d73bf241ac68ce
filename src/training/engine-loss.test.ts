import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TrainingEngineName } from "../dataset/engines.ts";
import { conversationRow } from "../dataset/formats.ts";
import { jsonLine } from "../dataset/write-jsonl.ts";
import { SHARED } from "../testing/shared.ts";
import type { TemplateName } from "../tokens/template.ts";
import { PROOF_EXAMPLES as examples } from "../tokens/testing/proof-examples.ts";
import { pythonProgram, quietPython, runPython } from "../tokens/testing/run-python.ts";
import { tinyTokenizer, writeTokenizer } from "../tokens/testing/tiny-tokenizer.ts";
import { pythonEnvironment } from "./python.ts";
import { recipeOf } from "./recipe.ts";
import { runEngine } from "./run-engine.ts";
import { writeTraining } from "./training-folder.ts";

const TOKENIZERS = `${SHARED}/tokenizers`;

/** Eq. 1 and its neighbours, by hand. */
interface Known {
  readonly equation1: number;
  readonly allAnswers: number;
  readonly allTokens: number;
}

/** The loss of the one step that an engine trained, with all the digits that the engine kept of it. */
async function savedLoss(checkpoints: string): Promise<number> {
  const names = await readdir(checkpoints, { recursive: true });
  const losses = await Promise.all(
    names
      .filter((name) => name.endsWith("trainer_state.json"))
      .map(async (name) => {
        const { log_history: history } = JSON.parse(await readFile(join(checkpoints, name), "utf8"));
        return history.at(-1).train_loss ?? history.at(-1).loss;
      }),
  );
  return losses[0];
}

/**
 * Trains one step without learning, in the folder that `train` writes, and computes beside it what the loss must be.
 */
async function losses(
  engine: TrainingEngineName,
  python: string,
  { template, end, prepare }: Case,
): Promise<{ readonly engine: number; readonly known: Known }> {
  const folder = await mkdtemp(join(tmpdir(), "agentrefine-engine-"));
  try {
    const [tokenizer, model, out] = [join(folder, "tokenizer"), join(folder, "model"), join(folder, "out")];
    await prepare(tokenizer);
    await writeFile(
      join(folder, "rows.jsonl"),
      examples.map((each) => jsonLine(conversationRow(each))).join(""),
    );
    runPython(python, [pythonProgram("make-tiny-model.py"), tokenizer, model], folder);
    const printed = runPython(python, [pythonProgram("equation1.py"), folder, end, model], folder);
    const recipe = recipeOf({
      model,
      template,
      tokenizer: engine === "llamafactory" ? model : tokenizer,
      hardware: { nodes: 1, gpusPerNode: 0 },
      // Rows of different lengths, one after the other: the mean must be that of all tokens of the step. axolotl 0.19
      // takes the mean of the rows' means instead, so its rows come at once.
      batch: examples.length,
      perDevice: engine === "axolotl" ? examples.length : 1,
      engineKeys: { max_steps: 1, learning_rate: 0 },
    });
    await writeTraining({ engine, recipe, examples, out });
    const environment = await pythonEnvironment(python, quietPython(folder));
    const stop = new AbortController().signal;
    const { end: ended } = await runEngine({ folder: out, environment, stop, loggingSteps: 1 });
    expect(ended).toEqual({ code: "finished" });
    return {
      engine: await savedLoss(join(out, "checkpoints")),
      known: JSON.parse(printed.trim().split("\n").at(-1) ?? ""),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A tokenizer with the template that goes with it. */
interface Case {
  readonly template: TemplateName;
  readonly end: string;
  prepare(tokenizer: string): Promise<void>;
}

/** A copy of a tokenizer folder with the key that versions 4 and 5 of transformers both read. */
const copied = (name: string) => async (folder: string) => {
  await cp(join(TOKENIZERS, name), folder, { recursive: true });
  const file = join(folder, "tokenizer_config.json");
  const { extra_special_tokens: tokens, ...config } = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...config, additional_special_tokens: tokens ?? [] }));
};
const TINY: Case = {
  template: "tokenizer",
  end: "<|im_end|>",
  prepare: (folder) => writeTokenizer(folder, tinyTokenizer()),
};
const BESIDE: readonly (readonly [string, Case])[] = [
  ["mini-llama3", { template: "llama3", end: "<|eot_id|>", prepare: copied("mini-llama3") }],
  ["mistral-v3", { template: "mistral", end: "</s>", prepare: copied("mistral-v3") }],
];

describe.each([
  ["trl", "AGENTREFINE_PYTHON"],
  ["llamafactory", "AGENTREFINE_LLAMAFACTORY_PYTHON"],
  ["axolotl", "AGENTREFINE_AXOLOTL_PYTHON"],
] as const)("the loss of %s, with the Python of %s", (engine, variable) => {
  const python = process.env[variable];
  const cases = [["a tiny tokenizer", TINY] as const, ...(existsSync(TOKENIZERS) ? BESIDE : [])];

  it.skipIf(python === undefined).each(cases)(
    "is Eq. 1 with %s, in the folder that `train` writes",
    { timeout: 600_000 },
    async (_name, tokenizer) => {
      const found = await losses(engine, python ?? "", tokenizer);
      expect(Math.abs(found.engine - found.known.equation1)).toBeLessThan(1e-4);
      expect(Math.abs(found.engine - found.known.allAnswers)).toBeGreaterThan(1e-3);
      expect(Math.abs(found.engine - found.known.allTokens)).toBeGreaterThan(1e-3);
    },
  );
});
