import { ENGINES } from "../../dataset/formats/engines.ts";
import type { GuideNotes } from "../../dataset/formats/export-guide.ts";
import { AgentRefineError } from "../../errors.ts";
import { lockFolder } from "../../runs/lock.ts";
import type { TokenizedTally } from "../../tokens/tokenized-row.ts";
import { modelName } from "../../training/recipe.ts";
import { writeTraining } from "../../training/training-folder.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { withProgress } from "../export/export-progress.ts";
import { noCounts, runExamples } from "../export/run-source.ts";
import { runFacts, unfinishedNote } from "../export/unfinished-note.ts";
import { targetWords } from "../export-words.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { showPath } from "../terminal/show-path.ts";
import { notReadyWords, trainWords } from "../train-words.ts";
import { asUsage } from "../usage-error.ts";
import { followTraining, type TrainingResult } from "./follow-training.ts";
import type { TrainFlags } from "./train-flags.ts";
import { lossWords } from "./training-line.ts";
import { type TrainingOrder, trainingOrder } from "./training-order.ts";

/** How the command goes on while it works. */
interface Session {
  readonly quiet: boolean;
  readonly stop: AbortSignal;
}

/** Writes the training's folder and says what is in it. */
async function writeFolder(
  { run, engine, recipe, out, shown, replaces }: TrainingOrder,
  host: Host,
  { quiet, stop }: Session,
): Promise<TokenizedTally> {
  const counts = noCounts();
  const examples = runExamples({ run, shown: showPath(run.directory, host.directory), stop }, counts);
  // What is replaced must not be trained in meanwhile.
  const lock = replaces ? await lockFolder(out) : undefined;
  const tally = await withProgress(host, quiet, (tell) => {
    const onRow = ({ rows, tokens }: TokenizedTally): void => tell(rows, tokens);
    const notes = async (): Promise<GuideNotes> => ({ facts: await runFacts(run, counts.ended) });
    return writeTraining({ engine, recipe, examples, notes, out, replace: replaces, onRow });
  }).finally(() => lock?.release());
  const { rows, tokens, supervised, longest, cut, dropped } = tally;
  const notes = [
    await unfinishedNote(run, counts.ended),
    trainWords.written(shown, rows, replaces),
    targetWords.tokens(tokens, supervised, longest),
    targetWords.cut(cut, recipe.maxTokens),
    targetWords.dropped(dropped),
    recipe.assumedBillions === undefined
      ? undefined
      : trainWords.sizeAssumed(modelName(recipe.model), recipe.assumedBillions),
    engine === "axolotl" && recipe.accumulation > 1 ? trainWords.unevenRows(recipe.accumulation) : undefined,
  ];
  for (const note of notes) if (note !== undefined) host.stderr.write(`${note}\n`);
  return tally;
}

/** Starts the engine, if it can be, and says what came of it. */
async function startEngine(
  order: TrainingOrder,
  host: Host,
  session: Session,
): Promise<TrainingResult | undefined> {
  const { engine, packages, shown, launch } = order;
  const { title } = ENGINES[engine];
  if (launch === undefined) {
    host.stderr.write(`${trainWords.dryRun(shown, packages)}\n`);
    return undefined;
  }
  if (launch.state.code !== "ready") {
    const { problem, fix } = notReadyWords(launch.state, { engine: title, folder: shown, packages });
    throw new AgentRefineError(problem, { fix });
  }
  host.stderr.write(`${trainWords.starting(title, launch.state.versions[engine] ?? "", shown)}\n`);
  const result = await followTraining({ ...order, launch }, host, session);
  const { step, points } = result.progress;
  const [first, last] = [points[0], points.at(-1)];
  const losses = first && last && trainWords.loss(lossWords(first.loss), lossWords(last.loss));
  for (const line of [
    result.isFinished ? trainWords.done(step, result.seconds) : trainWords.stopped(shown, step),
    ...(losses === undefined ? [] : [losses]),
    ...(result.isFinished ? [trainWords.files(shown)] : []),
  ]) {
    host.stderr.write(`${line}\n`);
  }
  return result;
}

function report(order: TrainingOrder, tally: TokenizedTally, result: TrainingResult | undefined): object {
  const { run, engine, out, recipe, launch } = order;
  const { rows, cut, dropped, tokens, supervised } = tally;
  return {
    run: run.directory,
    engine,
    versions: launch?.state.code === "ready" ? launch.state.versions : null,
    out,
    batch: recipe.batch,
    maxTokens: recipe.maxTokens,
    ...{ rows, cut, dropped, tokens, supervised },
    started: result !== undefined,
    finished: result?.isFinished ?? false,
    steps: result?.progress.step ?? 0,
    firstLoss: result?.progress.points[0]?.loss ?? null,
    lastLoss: result?.progress.points.at(-1)?.loss ?? null,
    seconds: result?.seconds ?? null,
  };
}

/** `agentrefine train`: writes a training's folder and runs the engine in it. */
export async function runTrain(this: CliContext, flags: TrainFlags, directory: string): Promise<void> {
  const { host } = this;
  const order = await asUsage(() => trainingOrder(flags, directory, host));
  let isTraining = false;
  const interruption = watchInterrupts(host, () => {
    if (isTraining) host.stderr.write(`${trainWords.stopping}\n`);
  });
  try {
    const session: Session = { quiet: flags.quiet === true, stop: interruption.signal };
    const tally = await writeFolder(order, host, session);
    isTraining = true;
    const result = await startEngine(order, host, session);
    if (flags.json === true) host.stdout.write(`${JSON.stringify(report(order, tally, result))}\n`);
    this.process.exitCode = result?.isFinished === false ? EXIT_CODE.interrupted : EXIT_CODE.done;
  } finally {
    interruption.release();
  }
}
