import { ENGINES } from "../../dataset/formats/engines.ts";
import { AgentRefineError } from "../../errors.ts";
import { causeOfFailure } from "../../training/engine-log.ts";
import type { EngineEnd } from "../../training/run-engine.ts";
import { type TrainingProgress, train } from "../../training/train.ts";
import type { Host } from "../terminal/host.ts";
import { showProgress } from "../terminal/progress.ts";
import { trainWords } from "../train-words.ts";
import { trainingLine } from "./training-line.ts";
import type { TrainingOrder } from "./training-order.ts";

/** What came of a training. */
export interface TrainingResult {
  /** Whether it went to its end; else it was stopped. */
  readonly isFinished: boolean;
  readonly progress: TrainingProgress;
  /** Seconds from the start of the engine to its end. */
  readonly seconds: number;
}

function requireNoFailure(end: EngineEnd, { engine, shown }: TrainingOrder): void {
  if (end.code !== "failed") return;
  const { title } = ENGINES[engine];
  throw new AgentRefineError(trainWords.engineFailed(title, end.exit, causeOfFailure(end.tail)), {
    fix: trainWords.engineFailedFix(shown),
  });
}

/**
 * Runs the engine of a written training and shows how far it has come.
 *
 * @throws AgentRefineError when the engine fails, with what its log names as the cause
 */
export async function followTraining(
  order: TrainingOrder & { readonly launch: NonNullable<TrainingOrder["launch"]> },
  host: Host,
  { quiet, stop }: { readonly quiet: boolean; readonly stop: AbortSignal },
): Promise<TrainingResult> {
  const { engine, out, loggingSteps, launch } = order;
  const { title } = ENGINES[engine];
  const start = host.now();
  const since = (moment: number): number => (host.now() - moment) / 1000;
  let progress: TrainingProgress | undefined;
  let firstStep: number | undefined;
  const line = (width: number): string =>
    progress === undefined
      ? trainWords.preparing(title, since(start)).slice(0, width)
      : trainingLine(progress, firstStep === undefined ? 0 : since(firstStep), width);
  const shownProgress = showProgress(host, line, quiet);
  try {
    const { end, progress: last } = await train({
      folder: out,
      environment: launch.environment,
      stop,
      loggingSteps,
      onProgress: (now) => {
        progress = now;
        if (now.step > 0) firstStep ??= host.now();
      },
    });
    requireNoFailure(end, order);
    return { isFinished: end.code === "finished", progress: last, seconds: since(start) };
  } finally {
    shownProgress.end();
  }
}
