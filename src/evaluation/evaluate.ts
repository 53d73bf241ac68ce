import type { BatchSnapshot } from "../batch/batch-run.ts";
import { type Suite, type Variant, variantText } from "../environment/suite.ts";
import { AgentRefineError } from "../errors.ts";
import { needsTheUser } from "../model/chat-model.ts";
import { exceedsContext } from "../model/failure.ts";
import { type Pause, RunHalt } from "../model/run-halt.ts";
import { type Journal, openJournal } from "../runs/journal.ts";
import { lockFolder } from "../runs/lock.ts";
import { runPaths } from "../runs/run-folder.ts";
import { type EvaluationBatches, RoundsOfEpisodes } from "./batch/rounds-of-episodes.ts";
import { type Episode, type EpisodeKey, episodesPath, hasFailed, keyText } from "./episode.ts";
import {
  type BoughtBefore,
  type EpisodeLine,
  NOTHING_SPENT,
  readBoughtBefore,
  type Spending,
  spentWith,
} from "./episode-calls.ts";
import { EpisodeQueue } from "./episode-queue.ts";
import { type EpisodeResult, readResults, resultOf } from "./episode-result.ts";
import { type PlannedEpisode, type PlayOptions, playEpisode } from "./play-episode.ts";
import { recordEpisode } from "./recorded-outside.ts";

/** How an evaluation is driven. */
export interface EvaluateOptions extends PlayOptions {
  readonly suites: readonly Suite[];
  /** Attempts at each task: above 1 for Best-of-N. */
  readonly attempts: number;
  /** Episodes played at once. */
  readonly concurrency: number;
  /**
   * Ends the playing: calls on the wire finish, nothing new is asked, and episodes that have not ended are resumed
   * later.
   */
  readonly stop: AbortSignal;
  /** How models are asked in batches; undefined when they are asked live. All episodes are under way at once then. */
  readonly batches?: EvaluationBatches | undefined;
  /** Whether episodes that ended because the model or the world failed are played again. */
  readonly retryFailed: boolean;
  /** Told once before the first episode. */
  readonly onStart?: ((view: EvaluationView) => void) | undefined;
  /** Told things worth a line, such as a torn line that was dropped. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** An evaluation at work; `results` may be called at any time. */
export interface EvaluationView {
  /** How many episodes it has in all. */
  readonly planned: number;
  readonly results: () => ReadonlyMap<string, EpisodeResult>;
  /** What all calls have cost, those of earlier parts and of episodes that have not ended included. */
  readonly spending: () => Spending;
  /** What waits at batch services; undefined for an evaluation that is asked live. */
  readonly batches?: (() => BatchSnapshot) | undefined;
}

/** What an evaluation came to. */
export interface EvaluationResult {
  readonly planned: number;
  /** One for each finished episode, in the order of suites, tasks and attempts. */
  readonly results: readonly EpisodeResult[];
  /** What all its calls have cost, those that broke and those of episodes that have not ended included. */
  readonly spending: Spending;
  /** Why it paused, when it did. */
  readonly pause: Pause | undefined;
  /** What waits at batch services; undefined for an evaluation that is asked live. */
  readonly batches?: BatchSnapshot | undefined;
}

/** Every attempt of an evaluation: attempt by attempt in each suite, so that a part of a run has whole attempts. */
export function planEpisodes(suites: readonly Suite[], attempts: number): readonly PlannedEpisode[] {
  return suites.flatMap((suite) =>
    Array.from({ length: attempts }, (_value, attempt) =>
      suite.tasks.map((task) => ({ suite, task, attempt })),
    ).flat(),
  );
}

function keyOf({ suite, task, attempt }: PlannedEpisode): EpisodeKey {
  return { suite: suite.name, task: task.id, attempt };
}

/** The results of planned episodes in the order of the plan; what was not planned is left out. */
export function resultsInOrder(
  planned: readonly PlannedEpisode[],
  results: ReadonlyMap<string, EpisodeResult>,
): readonly EpisodeResult[] {
  return planned.flatMap((episode) => results.get(keyText(keyOf(episode))) ?? []);
}

/** Refuses a folder whose episodes were played in other worlds. */
function checkVariants(results: ReadonlyMap<string, EpisodeResult>, suites: readonly Suite[]): void {
  const variants = new Map<string, Variant>(suites.map(({ name, variant }) => [name, variant]));
  for (const { suite, variant } of results.values()) {
    const now = variants.get(suite);
    const before = variantText(variant);
    if (now !== undefined && variantText(now) === before) continue;
    const words =
      now === undefined ? "a suite that is not part of this evaluation" : `"${variantText(now)}" now`;
    throw new AgentRefineError(`the folder has episodes of ${suite} as "${before}", which is ${words}`, {
      fix: "Use the files and the version that the evaluation was started with, or another folder.",
    });
  }
}

/** What the playing of episodes needs of an evaluation's options. */
interface PlayAllOptions extends PlayOptions, Pick<EvaluateOptions, "concurrency" | "stop"> {
  /** What drives the episodes through batch services; undefined when they are asked live. */
  readonly rounds?: RoundsOfEpisodes | undefined;
}

/** Where what an evaluation buys and plays is kept. */
interface Keeping extends Pick<BoughtBefore, "takeEarlier"> {
  /** Keeps what was bought or answered, which is used only after this has resolved. */
  readonly keepCall: (line: EpisodeLine) => Promise<void>;
  readonly keep: (episode: Episode) => Promise<void>;
}

/** Keeps a line; that a judge replies says nothing of the player's server. */
function keepLine(halt: RunHalt<Episode>, { keepCall }: Keeping, line: EpisodeLine): Promise<void> {
  return "text" in line && line.by === undefined ? halt.keepReply(keepCall(line)) : halt.keep(keepCall(line));
}

async function playPlanned(
  planned: PlannedEpisode,
  options: PlayAllOptions,
  keeping: Keeping,
  halt: RunHalt<Episode>,
): Promise<void> {
  const { takeEarlier, keep } = keeping;
  const key = keyOf(planned);
  const { settled, ...recording } = recordEpisode({
    episode: key,
    earlier: takeEarlier(key),
    keep: (line) => keepLine(halt, keeping, line),
    askingOf: options.rounds?.askingOf,
    costOf: options.costOf,
    stop: halt.signal,
  });
  const { episode, failure } = await playEpisode(planned, options, recording).finally(settled);
  // A conversation that is too long says nothing of the server: it is this episode's own end, and the others continue.
  if (failure === undefined || exceedsContext(failure)) await halt.keep(keep(episode));
  else if (needsTheUser(failure)) halt.pauseFor(failure);
  else halt.fail(episode, failure);
}

/**
 * Plays episodes, many at a time, each in a world of its own. Resolves when all have ended, when it was stopped, or
 * with the reason of a pause; rejects when an episode or a reply cannot be kept.
 */
export async function playAll(
  episodes: readonly PlannedEpisode[],
  options: PlayAllOptions,
  keeping: Keeping,
): Promise<Pause | undefined> {
  const leaving = new AbortController();
  const halt = new RunHalt<Episode>(AbortSignal.any([options.stop, leaving.signal]), keeping.keep);
  const queue = new EpisodeQueue(episodes);
  const { rounds } = options;
  const driveRounds = await rounds?.begin({
    halt,
    episodes: episodes.map(keyOf),
    leave: () => leaving.abort(),
    keep: (line) => keepLine(halt, keeping, line),
  });
  const work = async (): Promise<void> => {
    while (!halt.signal.aborted) {
      const next = await queue.take();
      if (next === undefined) return;
      rounds?.movement.begin();
      if (!halt.signal.aborted)
        await playPlanned(next, options, keeping, halt).catch((error: unknown) => halt.take(error));
      queue.done(next);
      rounds?.movement.end();
    }
  };
  // A round is one turn of all that wait, so all of them are open.
  const atOnce = rounds === undefined ? options.concurrency : episodes.length;
  await Promise.all([...Array.from({ length: atOnce }, work), driveRounds?.()]);
  return halt.finish();
}

interface Journals {
  readonly episodes: Journal;
  readonly calls: Journal;
}

async function drive(
  directory: string,
  { episodes, calls }: Journals,
  options: EvaluateOptions,
  lost: AbortSignal,
): Promise<EvaluationResult> {
  const results = await readResults(directory);
  checkVariants(results, options.suites);
  const planned = planEpisodes(options.suites, options.attempts);
  const isPending = (key: EpisodeKey): boolean => {
    const result = results.get(keyText(key));
    return result === undefined || (options.retryFailed && hasFailed(result));
  };
  const pending = planned.filter((episode) => isPending(keyOf(episode)));
  let spending = NOTHING_SPENT;
  const { batches, onStart, onNote = () => {} } = options;
  await using rounds =
    batches &&
    (await RoundsOfEpisodes.open(directory, batches, {
      lost,
      retryFailed: options.retryFailed,
      spent: () => spending.cost ?? 0,
      note: onNote,
    }));
  const before = await readBoughtBefore(directory, isPending, options.costOf, rounds?.sawCall);
  spending = before.spending;
  onStart?.({
    planned: planned.length,
    results: () => results,
    spending: () => spending,
    batches: rounds?.snapshot,
  });
  const keep = async (episode: Episode): Promise<void> => {
    await episodes.append(episode);
    results.set(keyText(episode), resultOf(episode));
  };
  const keepCall = async (line: EpisodeLine): Promise<void> => {
    await calls.append(line);
    spending = spentWith(spending, line, options.costOf);
  };
  const keeping = { keep, keepCall, takeEarlier: before.takeEarlier };
  const pause = await playAll(pending, { ...options, rounds }, keeping);
  const ended = resultsInOrder(planned, results);
  return { planned: planned.length, results: ended, spending, pause, batches: rounds?.snapshot() };
}

/**
 * Drives an evaluation to its end, or until it is stopped or has to pause: begins it when its folder is new, goes
 * on with it when it is not. Each reply is on the disk before it is used, and each episode that has ended before the
 * next one begins in its place, so a run that is killed at any moment loses no finished reply and buys none twice.
 * Only one process may drive a folder; rejects with an AgentRefineError when another does, or when the disk refuses.
 */
export async function evaluate(directory: string, options: EvaluateOptions): Promise<EvaluationResult> {
  const { onNote } = options;
  await using lock = await lockFolder(directory, { note: onNote });
  const { lost } = lock;
  const episodes = await openJournal(episodesPath(directory), { sync: true, lost, onNote });
  try {
    const calls = await openJournal(runPaths(directory).calls, { sync: true, lost, onNote });
    try {
      const stop = AbortSignal.any([options.stop, lost]);
      const result = await drive(directory, { episodes, calls }, { ...options, stop }, lost);
      lost.throwIfAborted();
      return result;
    } finally {
      await calls.close();
    }
  } finally {
    await episodes.close();
  }
}
