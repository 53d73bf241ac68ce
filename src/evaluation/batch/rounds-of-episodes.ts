import {
  type BatchOptions,
  type BatchSnapshot,
  type LoadedBatches,
  loadBatches,
  openBatchRun,
} from "../../batch/batch-run.ts";
import type { Purse } from "../../batch/choose-requests.ts";
import { driveRounds, Rounds } from "../../batch/rounds.ts";
import type { RunHalt } from "../../model/run-halt.ts";
import { runPaths } from "../../runs/run-folder.ts";
import type { Episode, EpisodeKey } from "../episode.ts";
import type { EpisodeCall, EpisodeLine } from "../episode-calls.ts";
import { AskingEpisodes, episodeNumber, Movement } from "./asking-episodes.ts";

/** How an evaluation is asked in batches: each model through the service of its own. */
export interface EvaluationBatches {
  /** Left out where the player is no model. */
  readonly player?: BatchOptions | undefined;
  /** Left out where no judge is asked. */
  readonly judge?: BatchOptions | undefined;
  /** Dollars in all, with those that earlier parts have spent; no cap when not given. */
  readonly maxCost?: number | undefined;
}

/** What is known of the evaluation. */
interface Known {
  readonly lost: AbortSignal;
  /** Whether what got no answer is tried as often as at first. */
  readonly retryFailed: boolean;
  /** Dollars spent by now. */
  readonly spent: () => number;
  readonly note: (text: string) => void;
}

/** What is driven. */
interface Driven {
  readonly episodes: readonly EpisodeKey[];
  readonly halt: RunHalt<Episode>;
  readonly keep: (line: EpisodeLine) => Promise<void>;
  /** Ends the playing, since nobody waits for what is open. */
  readonly leave: () => void;
}

/**
 * Drives the episodes of an evaluation through batch services. All of them are open at once, and a round is one turn
 * of each that waits. Which episode waits for what follows from its replies, so that nothing of it has to be kept.
 */
export class RoundsOfEpisodes implements AsyncDisposable {
  readonly movement = new Movement();
  readonly #known: Known;
  readonly #batches: EvaluationBatches;
  readonly #loaded: LoadedBatches;
  #asking: ReadonlyMap<string | undefined, AskingEpisodes> = new Map();
  #snapshots: readonly (() => BatchSnapshot)[] = [];

  private constructor(batches: EvaluationBatches, known: Known, loaded: LoadedBatches) {
    this.#batches = batches;
    this.#known = known;
    this.#loaded = loaded;
  }

  /** Opens the batches of an evaluation. */
  static async open(directory: string, batches: EvaluationBatches, known: Known): Promise<RoundsOfEpisodes> {
    return new RoundsOfEpisodes(batches, known, await loadBatches(runPaths(directory), known));
  }

  /** To be told of each call that was bought before. */
  readonly sawCall = (call: EpisodeCall): void => {
    const { batch } = call;
    if (batch !== undefined) this.#loaded.calls.add({ index: episodeNumber(call), call: call.call, batch });
  };

  /** Where the requests of a model wait, the player's when it has no name; undefined for one that is asked live. */
  readonly askingOf = (by: string | undefined): AskingEpisodes | undefined => this.#asking.get(by);

  /** How the batches stand. */
  readonly snapshot = (): BatchSnapshot => {
    const all = this.#snapshots.map((look) => look());
    const sum = (key: "open" | "requests" | "answered" | "over" | "kept" | "again"): number =>
      all.reduce((total, each) => total + each[key], 0);
    const [open, requests, answered] = [sum("open"), sum("requests"), sum("answered")];
    return { open, requests, answered, over: sum("over"), kept: sum("kept"), again: sum("again") };
  };

  /** Makes ready for the first request; gives what drives the rounds to their end. */
  async begin(driven: Driven): Promise<() => Promise<void>> {
    const { halt } = driven;
    const { note, spent } = this.#known;
    const { player, judge } = this.#batches;
    const all: Rounds[] = [];
    const asking = new Map<string | undefined, AskingEpisodes>();
    const purse = (): Purse => ({
      maxCost: this.#batches.maxCost,
      spent: spent(),
      reserved: all.reduce((sum, { reserved }) => sum + reserved, 0),
    });
    const episodes = new Map(driven.episodes.map((key) => [episodeNumber(key), key]));
    const waiting = (): number => [...asking.values()].reduce((sum, { size }) => sum + size, 0);
    const snapshots: (() => BatchSnapshot)[] = [];
    for (const options of [player, judge]) {
      if (options === undefined) continue;
      const by = options === judge ? options.model : undefined;
      const { movement } = this;
      const { costOf } = options;
      const askers = new AskingEpisodes({ by, episodes, movement, waiting, keep: driven.keep, costOf });
      const run = await openBatchRun({ options, by, askers, halt, note }, this.#loaded);
      asking.set(by, askers);
      snapshots.push(run.snapshot);
      all.push(new Rounds(run, purse, episodes.size));
    }
    [this.#asking, this.#snapshots] = [asking, snapshots];
    const options = player ?? judge;
    return async () => {
      try {
        // What the episodes wait for shows only when they have gone as far as their replies lead.
        await this.movement.rest();
        if (options !== undefined && (await driveRounds(all, options, halt.signal)) === "waiting")
          driven.leave();
      } catch (error) {
        halt.take(error);
      }
      for (const each of asking.values()) each.close(halt.signal.reason);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loaded[Symbol.asyncDispose]();
  }
}
