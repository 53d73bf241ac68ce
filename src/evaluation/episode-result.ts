import type { Usage } from "../model/chat-model.ts";
import { type Episode, type EpisodeTurn, isRepeated, keyText, readEpisodes } from "./episode.ts";

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

/** Counts one word more. */
function count(counts: Record<string, number>, word: string): void {
  counts[word] = (counts[word] ?? 0) + 1;
}

/** How often each word is there. */
export function countsOf(words: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const word of words) count(counts, word);
  return counts;
}

/** The sum of counts, word by word. */
export function addCounts(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of all)
    for (const [word, count] of Object.entries(counts)) sum[word] = (sum[word] ?? 0) + count;
  return sum;
}

/** What is counted turn by turn. */
type TurnCounts = Record<
  "turns" | "validActions" | "formatErrors" | "irregularTurns" | "repeatedActions" | "shortenedTurns",
  number
> &
  Record<"malformed" | "irregular", Record<string, number>>;

function countTurn(counts: TurnCounts, turn: EpisodeTurn, before: EpisodeTurn | undefined): void {
  counts.turns += 1;
  if (turn.actionIsValid) counts.validActions += 1;
  if (turn.malformed !== undefined) {
    counts.formatErrors += 1;
    count(counts.malformed, turn.malformed);
  }
  if (turn.irregular !== undefined) {
    counts.irregularTurns += 1;
    for (const word of turn.irregular) count(counts.irregular, word);
  }
  if (turn.forgotten !== undefined) counts.shortenedTurns += 1;
  if (isRepeated(turn, before)) counts.repeatedActions += 1;
}

/** The counts of an episode. In one pass: thousands of episodes are counted before a page of them is shown. */
export function resultOf(episode: Episode): EpisodeResult {
  const counts: TurnCounts = {
    turns: 0,
    validActions: 0,
    formatErrors: 0,
    malformed: {},
    irregular: {},
    irregularTurns: 0,
    repeatedActions: 0,
    shortenedTurns: 0,
  };
  for (const { turns } of episode.trials)
    for (const [place, turn] of turns.entries()) countTurn(counts, turn, turns[place - 1]);
  // Field by field: what is spread into an object gets a shape of its own each time, which makes metrics eight times
  // slower.
  return {
    suite: episode.suite,
    task: episode.task,
    attempt: episode.attempt,
    variant: episode.variant,
    group: episode.group,
    difficulty: episode.difficulty,
    agent: episode.agent,
    ending: episode.ending,
    reason: episode.reason,
    scores: episode.scores,
    trials: episode.trials.length,
    turns: counts.turns,
    validActions: counts.validActions,
    formatErrors: counts.formatErrors,
    malformed: counts.malformed,
    irregular: counts.irregular,
    irregularTurns: counts.irregularTurns,
    repeatedActions: counts.repeatedActions,
    shortenedTurns: counts.shortenedTurns,
    usage: episode.usage,
    cost: episode.cost,
  };
}

/** The results in a folder by their keys; of an episode that was played again, the last one. */
export async function readResults(directory: string): Promise<Map<string, EpisodeResult>> {
  const results = new Map<string, EpisodeResult>();
  for await (const episode of readEpisodes(directory)) results.set(keyText(episode), resultOf(episode));
  return results;
}
