import { type EnginePackage, pipInstall } from "../training/engine.ts";
import type { EngineState } from "../training/python.ts";
import { counted, duration, wholeNumber } from "./terminal/numbers.ts";

// What `train` says; the other commands' words are in words.ts.

/** A problem and what to do about it. */
interface Advice {
  readonly problem: string;
  readonly fix: string;
}

/** How to start a training by hand. */
const start = (folder: string): string => `bash ${folder}/launch.sh`;

/** What to do about a PyTorch that is there and cannot be used. */
export const torchFix =
  "Install a PyTorch that fits this machine, see https://pytorch.org/get-started/locally";

/** What is told of an engine that cannot be started. */
export function notReadyWords(
  state: Exclude<EngineState, { readonly code: "ready" }>,
  { engine, folder, packages }: { engine: string; folder: string; packages: readonly EnginePackage[] },
): Advice {
  const then = `then run: ${start(folder)} (with the environment active)`;
  switch (state.code) {
    case "no-python":
      return {
        problem: `${folder} is written, but ${engine} was not started: ${state.problem}`,
        fix: `Install Python 3 or name one with --python, in it ${pipInstall(packages)}, ${then}`,
      };
    case "missing":
      return {
        problem: `${folder} is written, but not started: Python has no ${state.packages.map(({ name }) => name).join(", no ")}`,
        fix: `Install with ${pipInstall(state.packages)}, ${then}; or name another Python with --python`,
      };
    case "unsupported": {
      const { name, versions } = state.wanted;
      const range =
        versions === undefined ? "" : ` (supported: from ${versions.from}, below ${versions.below})`;
      return {
        problem: `${folder} is written, but not started: ${name} ${state.version} is not a supported version${range}`,
        fix: `Install one with ${pipInstall([state.wanted])}, ${then}`,
      };
    }
    case "broken-torch":
      return {
        problem: `${folder} is written, but not started: PyTorch cannot be used: ${state.problem}`,
        fix: `${torchFix}, ${then}; or name another Python with --python`,
      };
    case "too-few-devices":
      return {
        problem: `the training is for ${counted(state.needed, "graphics card")} here, and PyTorch finds ${state.found}`,
        fix:
          state.found === 0
            ? "Give --gpus 0 to train on the processor, or --dry-run to train elsewhere."
            : `Give --gpus ${state.found}, or --dry-run to train elsewhere.`,
      };
  }
}

/** What `train` says. */
export const trainWords = {
  inTheWay: (folder: string) => `${folder} exists`,
  inTheWayFix: "Give another --out, or --force to replace it with all that is in it.",
  notATraining: (folder: string) => `${folder} is not replaced: it is not the folder of a training`,
  notATrainingFix: "Give another --out.",
  insideRun: (folder: string) => `${folder} holds the run that is to be trained on`,
  insideRunFix: "Give another --out.",
  noModel: (model: string) => `there is no folder ${model}, and it is not an id of the Hugging Face hub`,
  noModelFix: "Give the folder of a model, or an id such as meta-llama/Meta-Llama-3-8B.",
  notAModel: (model: string) => `${model} is not the folder of a model: it has no config.json`,
  notAModelFix: "Give the folder that holds config.json and the weights.",
  unevenRows: (accumulation: number) =>
    `axolotl averages each pass by itself before it gathers ${accumulation} of them: tokens of rows with few trained ones count more. --per-device can avoid it; see README.md.`,
  noTokenizer: "no tokenizer was given, and the model is not a local folder that has one",
  noTokenizerFix: "Give the folder with the model's tokenizer.json with --tokenizer.",
  otherTokenizer: (model: string) => `LLaMA-Factory takes the tokenizer from ${model}, which has none`,
  otherTokenizerFix: "Copy tokenizer.json and tokenizer_config.json there, or use trl or axolotl.",
  notItsTokenizer: (tokenizer: string, model: string) =>
    `${tokenizer} is not the tokenizer of ${model}: their tokenizer.json differ`,
  notItsTokenizerFix:
    "Leave --tokenizer out, or copy its tokenizer.json and tokenizer_config.json to the model if it was made with them.",
  tooManyTokens: (tokenizer: string, highest: number, model: string, vocabulary: number) =>
    `the tokenizer in ${tokenizer} has ids up to ${wholeNumber(highest)}, and ${model} knows ${wholeNumber(vocabulary)} tokens (vocab_size)`,
  tooManyTokensFix: "Give the tokenizer that the model was made with.",
  sizeAssumed: (model: string, billions: number) =>
    `The size of ${model} is not known; ${billions}b is assumed, which --size can change.`,
  severalNodes: "a training on several nodes cannot be started from one of them",
  severalNodesFix: "Add --dry-run, then run the slurm.sh or launch.sh that it writes.",
  severalNodesWithoutCards: "training on the processor is for one node only",
  severalNodesWithoutCardsFix: "Give --nodes 1, or a number of --gpus.",
  notASetting: (input: string) => `"${input}" is not KEY=VALUE`,
  notASize: (input: string) => `"${input}" is not a size such as 8b, 1.5b or 70b`,
  written: (folder: string, rows: number, replaced: boolean) =>
    `Wrote ${folder} with ${counted(rows, "row")}${replaced ? ", replacing what was there" : ""}.`,
  dryRun: (folder: string, packages: readonly EnginePackage[]) =>
    `Nothing is started. To train: ${pipInstall(packages)}, then ${start(folder)}, or sbatch slurm.sh in ${folder}.`,
  starting: (engine: string, version: string, folder: string) =>
    `Training with ${engine} ${version}; its output is in ${folder}/train.log.`,
  preparing: (engine: string, seconds: number) => `${engine} is preparing  ${duration(seconds)}`,
  stopping: "Stopping the engine. Press Ctrl-C again to end at once.",
  stopped: (folder: string, steps: number) =>
    `Stopped after ${counted(steps, "step")}; what it has written stays in ${folder}.`,
  engineFailed: (engine: string, exit: string, cause: string | undefined) =>
    `${engine} failed (${exit})${cause === undefined ? "" : `: ${cause}`}`,
  engineFailedFix: (folder: string) =>
    `See ${folder}/train.log; when it is put right, run ${start(folder)} again.`,
  done: (steps: number, seconds: number) => `Trained ${counted(steps, "step")} in ${duration(seconds)}.`,
  loss: (first: string, last: string) => `Loss ${first} at first, ${last} at the end.`,
  files: (folder: string) => `Checkpoints: ${folder}/checkpoints; losses: ${folder}/loss.jsonl.`,
  notANumber: "not a number",
} as const;
