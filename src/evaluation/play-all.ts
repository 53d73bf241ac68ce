import { needsTheUser } from "../model/chat-error.ts";
import { exceedsContext } from "../model/context-length.ts";
import type { BoughtReply } from "../model/reply-record.ts";
import { type Pause, RunHalt } from "../model/run-halt.ts";
import type { Episode, EpisodeKey } from "./episode.ts";
import type { EpisodeCall } from "./episode-call.ts";
import { keyOfPlanned, type PlannedEpisode } from "./planned-episode.ts";
import { type PlayOptions, playTask } from "./play-task.ts";
import { recordedModels } from "./recorded-model.ts";

/** What {@link playAll} needs. */
export interface PlayAllOptions extends Omit<PlayOptions, "recorded"> {
  /** Episodes played at once. */
  readonly concurrency: number;
  /** Ends the playing: calls on the wire finish, nothing new is asked, and episodes that have not ended go on later. */
  readonly stop: AbortSignal;
  /** The replies that were bought for an episode before; asked for once. */
  readonly takeReplies: (episode: EpisodeKey) => readonly BoughtReply[];
  /** Keeps what a call has bought; its reply is used only after this has resolved. */
  readonly keepCall: (call: EpisodeCall) => Promise<void>;
  /** Keeps an episode that has ended. */
  readonly keep: (episode: Episode) => Promise<void>;
}

async function playPlanned(
  planned: PlannedEpisode,
  options: PlayAllOptions,
  halt: RunHalt<Episode>,
): Promise<void> {
  const { agent, instruct, maxTurns, seed, costOf, takeReplies, keep, keepCall } = options;
  const { suite, task, attempt } = planned;
  const key = keyOfPlanned(planned);
  const { episode, failure } = await playTask(suite, task, attempt, {
    agent,
    ...(instruct === undefined ? {} : { instruct }),
    maxTurns,
    seed,
    costOf,
    recorded: recordedModels({
      episode: key,
      earlier: takeReplies(key),
      keep: (call) => ("text" in call ? halt.keepReply(keepCall(call)) : halt.keep(keepCall(call))),
      costOf,
      stop: halt.signal,
    }),
  });
  // A conversation that is too long says nothing of the server: it is this episode's own end, and the others go on.
  if (failure === undefined || exceedsContext(failure)) await halt.keep(keep(episode));
  else if (needsTheUser(failure)) halt.pauseFor(failure);
  else halt.fail(episode, failure);
}

/**
 * Plays episodes, many at a time, each with an environment of its own. Resolves when all have ended, when it was
 * stopped, or with the reason of a pause; rejects when an episode or a reply cannot be kept.
 */
export async function playAll(
  episodes: readonly PlannedEpisode[],
  options: PlayAllOptions,
): Promise<Pause | undefined> {
  const halt = new RunHalt<Episode>(options.stop, options.keep);
  const pending = episodes[Symbol.iterator]();
  const work = async (): Promise<void> => {
    while (!halt.signal.aborted) {
      const { value, done } = pending.next();
      if (done === true) return;
      await playPlanned(value, options, halt).catch((error: unknown) => halt.take(error));
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return halt.finish();
}
