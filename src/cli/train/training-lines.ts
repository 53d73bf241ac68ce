import { ENGINES } from "../../dataset/engines.ts";
import { counted, duration, oneDigit } from "../../numbers.ts";
import type { TokenizedExport } from "../../tokens/export-tokenized.ts";
import type { TrainingData } from "../../training/data.ts";
import type { TrainingPlan } from "../../training/plan.ts";
import { modelName } from "../../training/recipe.ts";
import type { TrainingProgress } from "../../training/run-engine.ts";
import type { Trained } from "../../training/train-run.ts";
import { annotationLines, tallyLines, unfinishedLine } from "../export/written-lines.ts";
import type { Host } from "../terminal/host.ts";
import { type Progress, paceSegments, showProgress } from "../terminal/progress.ts";
import { fitLine, type Segment } from "../terminal/table.ts";

/** A loss in four digits; null is one that is not a number. */
function lossWords(loss: number | null): string {
  return loss === null ? "not a number" : loss.toPrecision(4);
}

/** How far a training is as one line of at most `width` characters; what matters least is left out first. */
function trainingLine(
  { step, total, points }: TrainingProgress,
  secondsSinceFirst: number,
  width: number,
): string {
  const [first, last] = [points[0], points.at(-1)];
  const segments: readonly Segment[] = [
    { text: total === undefined ? `step ${step}` : `step ${step}/${total}`, rank: 0 },
    ...(last === undefined ? [] : [{ text: `loss ${lossWords(last.loss)}`, rank: 0 }]),
    ...(first === undefined ? [] : [{ text: `from ${lossWords(first.loss)}`, rank: 2 }]),
    ...(last?.epoch === undefined ? [] : [{ text: `epoch ${oneDigit(last.epoch)}`, rank: 3 }]),
    ...(total === undefined
      ? []
      : paceSegments({ total, ended: step, endedBefore: 1, seconds: secondsSinceFirst })),
  ];
  return fitLine(segments, width);
}

/** Shows how far an engine is. The speed is that of the steps that are done, so that a line says nothing twice. */
export function showTraining(
  title: string,
  host: Host,
  quiet: boolean,
): Progress & { readonly tell: (progress: TrainingProgress) => void } {
  const start = host.now();
  let now: TrainingProgress | undefined;
  let firstStep = { step: 0, at: start };
  let lastStep = firstStep;
  const line = (width: number): string => {
    if (now !== undefined) return trainingLine(now, (lastStep.at - firstStep.at) / 1000, width);
    // Where lines stay, one is enough: nothing but the time has changed.
    const waiting = Number.isFinite(width) ? `  ${duration((host.now() - start) / 1000)}` : "";
    return `${title} is preparing${waiting}`.slice(0, width);
  };
  const shown = showProgress(host, line, quiet);
  return {
    ...shown,
    tell: (progress) => {
      now = progress;
      if (progress.step === lastStep.step) return;
      lastStep = { step: progress.step, at: host.now() };
      if (firstStep.step === 0) firstStep = lastStep;
    },
  };
}

/** What is said of data that is not all that one might take it for. */
export async function dataLines({ run, bad }: TrainingData): Promise<readonly string[]> {
  const unfinished = run && (await unfinishedLine(run));
  const count = bad?.() ?? 0;
  return [
    ...(unfinished === undefined ? [] : [unfinished]),
    ...(run === undefined ? [] : annotationLines(run)),
    ...(count === 0 ? [] : [`Left out: ${counted(count, "row")} that cannot be used.`]),
  ];
}

/** What is said when the folder is written. */
export function writtenLines(
  { recipe, shown, replaces, engine }: TrainingPlan,
  written: TokenizedExport,
): readonly string[] {
  const { assumedBillions, accumulation, maxTokens, model } = recipe;
  const lines = [
    `Wrote ${shown} with ${counted(written.rows, "row")}${replaces ? ", replacing what was there" : ""}.`,
    ...tallyLines(written, maxTokens),
    ...written.warnings,
    assumedBillions === undefined
      ? undefined
      : `The size of ${modelName(model)} is not known; ${assumedBillions}b is assumed, which --size can change.`,
    engine === "axolotl" && accumulation > 1
      ? `axolotl averages each pass by itself before it gathers ${accumulation} of them: tokens of rows with few trained ones count more. --per-device can avoid it; see README.md.`
      : undefined,
  ];
  return lines.filter((line) => line !== undefined);
}

/** What is said when the engine has ended. */
export function endLines(
  { shown }: TrainingPlan,
  { isFinished, progress: { step, points } }: Trained,
  seconds: number,
): readonly string[] {
  const [first, last] = [points[0], points.at(-1)];
  return [
    isFinished
      ? `Trained ${counted(step, "step")} in ${duration(seconds)}.`
      : `Stopped after ${counted(step, "step")}; what it has written stays in ${shown}.`,
    ...(first && last ? [`Loss ${lossWords(first.loss)} at first, ${lossWords(last.loss)} at the end.`] : []),
    ...(isFinished ? [`Checkpoints: ${shown}/checkpoints; losses: ${shown}/loss.jsonl.`] : []),
  ];
}

/** The title of a plan's engine, as its makers write it. */
export function titleOf({ engine }: TrainingPlan): string {
  return ENGINES[engine].title;
}
