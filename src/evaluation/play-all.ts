import { setMaxListeners } from "node:events";
import { AgentRefineError } from "../errors.ts";
import { needsTheUser } from "../model/chat-error.ts";
import { CostCapReached } from "../model/cost-cap-reached.ts";
import { FailureStreak } from "../model/failure-streak.ts";
import type { Episode } from "./episode.ts";
import type { PlannedEpisode } from "./planned-episode.ts";
import { type PlayOptions, playTask } from "./play-task.ts";

/** Why an evaluation stopped before its end although it was not told to; what is needed is the user. */
export interface Pause {
  readonly error: Error;
}

/** What {@link playAll} needs. */
export interface PlayAllOptions extends Omit<PlayOptions, "onReply" | "signal"> {
  /** Episodes played at once. */
  readonly concurrency: number;
  /** Ends the playing; episodes that have not ended are played again later. */
  readonly stop: AbortSignal;
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

  async #play({ suite, task, attempt }: PlannedEpisode): Promise<void> {
    const { agent, instruct, maxTurns, seed, costOf } = this.#options;
    const { episode, failure } = await playTask(suite, task, attempt, {
      agent,
      ...(instruct === undefined ? {} : { instruct }),
      maxTurns,
      seed,
      costOf,
      signal: this.#signal,
      onReply: () => this.#streak.succeed(),
    });
    if (failure === undefined) await this.#keep(episode);
    else if (needsTheUser(failure) || this.#streak.fail(episode)) this.#pauseFor(failure);
  }

  /** What cannot be kept is no reason for a pause but for an end. */
  async #keep(episode: Episode): Promise<void> {
    try {
      await this.#options.keep(episode);
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
 * stopped, or with the reason of a pause; rejects when an episode cannot be kept.
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
