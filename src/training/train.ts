import { join } from "node:path";
import { jsonLine } from "../dataset/write-jsonl.ts";
import { writeFileAtomically } from "../runs/atomic-file.ts";
import type { LossPoint } from "./engine-log.ts";
import { type LogEvent, readLogLine } from "./engine-log.ts";
import type { Variables } from "./python.ts";
import { type EngineEnd, runEngine } from "./run-engine.ts";

/** The file of a training's folder with its losses. */
const LOSS_FILE = "loss.jsonl";

/** How far a training has come. */
export interface TrainingProgress {
  /** Steps of the optimizer that are done, and all of them as soon as the engine says so. */
  readonly step: number;
  readonly total: number | undefined;
  readonly points: readonly LossPoint[];
}

/** A training that is to be run. */
export interface TrainOptions {
  /** The training's folder. */
  readonly folder: string;
  readonly environment: Variables;
  readonly stop: AbortSignal;
  /** How many steps lie between two losses that the engine prints. */
  readonly loggingSteps: number;
  /** Called after each line that tells something. */
  readonly onProgress?: (progress: TrainingProgress) => void;
}

function pointOf(event: Extract<LogEvent, { readonly code: "loss" }>, step: number): LossPoint {
  const { epoch, loss, learningRate, gradientNorm } = event;
  return {
    step,
    ...(epoch === undefined ? {} : { epoch }),
    loss,
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(gradientNorm === undefined ? {} : { gradientNorm }),
  };
}

/**
 * Runs the engine in a training's folder to its end and writes the losses that it printed, also when it failed or was stopped.
 *
 * @throws AgentRefineError when the disk refuses or there is no bash
 */
export async function train(
  options: TrainOptions,
): Promise<{ readonly end: EngineEnd; readonly progress: TrainingProgress }> {
  const { folder, environment, stop, loggingSteps, onProgress } = options;
  const points: LossPoint[] = [];
  let progress: TrainingProgress = { step: 0, total: undefined, points };
  const onLine = (line: string): void => {
    const event = readLogLine(line);
    if (event === undefined) return;
    if (event.code === "loss") points.push(pointOf(event, (points.length + 1) * loggingSteps));
    // The bar is drawn now and then only, and a loss printed every so many steps, so the later one counts.
    const step = event.code === "loss" ? points.length * loggingSteps : event.step;
    const total = event.code === "loss" ? progress.total : event.total;
    progress = { step: Math.max(progress.step, step), total, points };
    onProgress?.(progress);
  };
  const end = await runEngine({ folder, environment, stop, onLine });
  if (points.length > 0) {
    await writeFileAtomically(join(folder, LOSS_FILE), points.map(jsonLine).join(""));
  }
  return { end, progress };
}
