import type { TrainFlags } from "../../config/flags.ts";
import { givenPython } from "../../config/load-config.ts";
import type { TokenizedExport } from "../../tokens/export-tokenized.ts";
import { openTrainingData, type TrainingData } from "../../training/data.ts";
import { pipInstall } from "../../training/engine.ts";
import { planTraining, type TrainingPlan } from "../../training/plan.ts";
import { startPlanned, type Trained, writePlanned } from "../../training/train-run.ts";
import { withProgress } from "../export/written-lines.ts";
import { asUsage, EXIT_CODE, type ExitCode, UsageError } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { tell } from "../terminal/text.ts";
import { dataLines, endLines, showTraining, titleOf, writtenLines } from "./training-lines.ts";

/** Opens the data and checks what was asked for, before anything is written. */
async function openTraining(
  flags: TrainFlags,
  given: string,
  host: Host,
  stop: AbortSignal,
): Promise<{ readonly data: TrainingData; readonly plan: TrainingPlan }> {
  const { set, lora, size, force, python, subset, seed, ablation, limit, only, without, ...asked } = flags;
  if (seed !== undefined && subset === undefined) {
    throw new UsageError("--seed is for --subset only", { fix: "Leave it out." });
  }
  const selection = {
    stop,
    ablation,
    limit,
    only,
    without,
    subset: subset === undefined ? undefined : { size: subset, seed: seed ?? 1 },
  };
  const data = await openTrainingData(given, selection, host.directory);
  const plan = await planTraining(data, {
    ...asked,
    set: set ?? {},
    method: lora === true ? "lora" : "full",
    billions: size,
    replace: force,
    python: givenPython(python, host),
    env: host.env,
    directory: host.directory,
  });
  return { data, plan };
}

function report(
  directory: string,
  { engine, out, recipe, launch }: TrainingPlan,
  { rows, cut, dropped, tokens, supervised }: TokenizedExport,
  trained: (Trained & { readonly seconds: number }) | undefined,
): object {
  const { step = 0, points = [] } = trained?.progress ?? {};
  return {
    run: directory,
    engine,
    versions: launch?.state.code === "ready" ? launch.state.versions : null,
    out,
    batch: recipe.batch,
    maxTokens: recipe.maxTokens,
    rows,
    cut,
    dropped,
    tokens,
    supervised,
    started: trained !== undefined,
    finished: trained?.isFinished ?? false,
    steps: step,
    firstLoss: points[0]?.loss ?? null,
    lastLoss: points.at(-1)?.loss ?? null,
    seconds: trained?.seconds ?? null,
  };
}

/** Starts the engine, shows how far it is, and says what came of it. */
async function start(
  plan: TrainingPlan,
  host: Host,
  { quiet, stop }: { readonly quiet: boolean; readonly stop: AbortSignal },
): Promise<(Trained & { readonly seconds: number }) | undefined> {
  const { shown, packages } = plan;
  const say = (line: string): void => tell(host.stderr, line);
  const title = titleOf(plan);
  const began = host.now();
  let progress: ReturnType<typeof showTraining> | undefined;
  const trained = await startPlanned(plan, {
    stop,
    onStart: (version) => {
      say(`Training with ${title} ${version}; its output is in ${shown}/train.log.`);
      progress = showTraining(title, host, quiet);
    },
    onProgress: (now) => progress?.tell(now),
  }).finally(() => progress?.[Symbol.dispose]());
  if (trained === undefined) {
    say(
      `Nothing is started. To train: ${pipInstall(packages)}, then bash ${shown}/launch.sh, or sbatch slurm.sh in ${shown}.`,
    );
    return undefined;
  }
  const seconds = (host.now() - began) / 1000;
  for (const line of endLines(plan, trained, seconds)) say(line);
  return { ...trained, seconds };
}

/** `agentrefine train`: writes a training's folder and runs the engine in it. */
export async function runTrain(host: Host, flags: TrainFlags, directory: string): Promise<ExitCode> {
  const quiet = flags.quiet === true;
  let isTraining = false;
  using interruption = watchInterrupts(host, {
    onFirst: () => {
      if (isTraining) tell(host.stderr, "Stopping the engine. Press Ctrl-C again to end at once.");
    },
  });
  const stop = interruption.signal;
  const { data, plan } = await asUsage(() => openTraining(flags, directory, host, stop));
  const written = await withProgress(host, quiet, (onProgress) =>
    writePlanned(data, plan, { stop, onRow: ({ rows, tokens }) => onProgress(rows, tokens) }),
  );
  for (const line of [...(await dataLines(data)), ...writtenLines(plan, written)]) tell(host.stderr, line);
  isTraining = true;
  const trained = await start(plan, host, { quiet, stop });
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(report(data.path, plan, written, trained))}\n`);
  }
  return trained?.isFinished === false ? EXIT_CODE.interrupted : EXIT_CODE.done;
}
