import { setMaxListeners } from "node:events";
import { AgentRefineError } from "../errors.ts";
import { needsTheUser } from "../model/chat-error.ts";
import { CostCapReached } from "../model/cost-cap-reached.ts";
import { FailureStreak } from "../model/failure-streak.ts";
import type { BoughtReply } from "../model/reply-record.ts";
import type { Episode, EpisodeKey } from "./episode.ts";
import type { EpisodeCall } from "./episode-call.ts";
import { keyOfPlanned, type PlannedEpisode } from "./planned-episode.ts";
import { type PlayOptions, playTask } from "./play-task.ts";
import { recordedModels } from "./recorded-model.ts";

/** Why an evaluation stopped before its end although it was not told to; what is needed is the user. */
export interface Pause {
  readonly error: Error;
}

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

class EpisodeDriver {
  readonly #options: PlayAllOptions;
  readonly #streak: FailureStreak<Episode>;
  /** Aborted when the evaluation pauses or breaks, so that all workers end. */
  readonly #halt = new AbortController();
  readonly #signal: AbortSignal;
  #pause: Pause | undefined;
  #defect: { readonly error: unknown } | undefined;

  constructor(options: PlayAllOptions) {
    this.#options = options;
    this.#streak = new FailureStreak((episode) => this.#keep(episode));
    this.#signal = AbortSignal.any([options.stop, this.#halt.signal]);
    // Every call at once listens to it; Node would take that for a leak.
    setMaxListeners(0, this.#signal);
  }

  /** Plays from the list until it is empty or the evaluation ends. */
  async work(pending: Iterator<PlannedEpisode>): Promise<void> {
    while (!this.#signal.aborted) {
      const { value, done } = pending.next();
      if (done === true) return;
      await this.#play(value).catch((error: unknown) => this.#stopFor(error));
    }
  }

  async finish(): Promise<Pause | undefined> {
    if (this.#defect !== undefined) throw this.#defect.error;
    if (this.#pause === undefined) await this.#streak.flush();
    return this.#pause;
  }

  async #play(planned: PlannedEpisode): Promise<void> {
    const { agent, instruct, maxTurns, seed, costOf, takeReplies } = this.#options;
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
        keep: (call) => this.#keepCall(call),
        costOf,
        stop: this.#signal,
      }),
    });
    if (failure === undefined) await this.#keep(episode);
    else if (needsTheUser(failure) || this.#streak.fail(episode)) this.#pauseFor(failure);
  }

  #keep(episode: Episode): Promise<void> {
    return this.#orEnd(this.#options.keep(episode));
  }

  /** Only a reply that is bought now shows that the server lives, and it does so when it comes, not when it is kept. */
  async #keepCall(call: EpisodeCall): Promise<void> {
    if ("text" in call) await this.#streak.succeed();
    await this.#orEnd(this.#options.keepCall(call));
  }

  /** What cannot be kept is no reason for a pause but for an end. */
  async #orEnd(kept: Promise<void>): Promise<void> {
    try {
      await kept;
    } catch (error) {
      this.#defect ??= { error };
      throw error;
    }
  }

  #pauseFor(error: Error): void {
    this.#pause ??= { error };
    this.#halt.abort();
  }

  #stopFor(error: unknown): void {
    if (this.#signal.aborted && error === this.#signal.reason) return;
    if (error instanceof CostCapReached || error instanceof AgentRefineError) this.#pause ??= { error };
    else this.#defect ??= { error };
    this.#halt.abort();
  }
}

/**
 * Plays episodes, many at a time, each with an environment of its own. Resolves when all have ended, when it was
 * stopped, or with the reason of a pause; rejects when an episode or a reply cannot be kept.
 */
export async function playAll(
  episodes: readonly PlannedEpisode[],
  options: PlayAllOptions,
): Promise<Pause | undefined> {
  const driver = new EpisodeDriver(options);
  const pending = episodes[Symbol.iterator]();
  await Promise.all(Array.from({ length: options.concurrency }, () => driver.work(pending)));
  return driver.finish();
}
