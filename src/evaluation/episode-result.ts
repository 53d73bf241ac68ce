import type { Usage } from "../model/chat-model.ts";
import { type Episode, isRepeated, keyText, readEpisodes } from "./episode.ts";

/** How often each of some words was said of a turn. */
export type Counts = Readonly<Record<string, number>>;

/** What the metrics need of an episode: everything but its texts, so that thousands fit in memory. */
export interface EpisodeResult extends Omit<Episode, "trials"> {
  /** Trials that were played: one without Reflexion. */
  readonly trials: number;
  /** Turns of all trials. */
  readonly turns: number;
  /** Turns whose action was understood and possible. */
  readonly validActions: number;
  /** Turns whose reply had no action that could be done (the paper's formatting errors). */
  readonly formatErrors: number;
  /** The formatting errors by kind, such as `cut-off`. */
  readonly malformed: Counts;
  /** Turns whose action was done although the reply was not in the form that was asked for, by kind. */
  readonly irregular: Counts;
  readonly irregularTurns: number;
  /** Turns that did what the turn before had done and were shown the same again (section 7's loops). */
  readonly repeatedActions: number;
  /** Turns before which the oldest turns were forgotten, as the model's context was full. */
  readonly shortenedTurns: number;
  readonly usage: Usage;
}

/** How often each word is there. */
export function countsOf(words: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** The sum of counts, word by word. */
export function addCounts(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of all)
    for (const [word, count] of Object.entries(counts)) sum[word] = (sum[word] ?? 0) + count;
  return sum;
}

/** The counts of an episode. */
export function resultOf({ trials, ...rest }: Episode): EpisodeResult {
  const turns = trials.flatMap((trial) => trial.turns);
  const malformed = turns.flatMap((turn) => turn.malformed ?? []);
  return {
    ...rest,
    trials: trials.length,
    turns: turns.length,
    validActions: turns.filter(({ actionIsValid }) => actionIsValid).length,
    formatErrors: malformed.length,
    malformed: countsOf(malformed),
    irregularTurns: turns.filter(({ irregular }) => irregular !== undefined).length,
    irregular: countsOf(turns.flatMap((turn) => turn.irregular ?? [])),
    shortenedTurns: turns.filter(({ forgotten }) => forgotten !== undefined).length,
    repeatedActions: trials.flatMap((trial) =>
      trial.turns.filter((turn, place) => isRepeated(turn, trial.turns[place - 1])),
    ).length,
  };
}

/** The results in a folder by their keys; of an episode that was played again, the last one. */
export async function readResults(directory: string): Promise<Map<string, EpisodeResult>> {
  const results = new Map<string, EpisodeResult>();
  for await (const episode of readEpisodes(directory)) results.set(keyText(episode), resultOf(episode));
  return results;
}
