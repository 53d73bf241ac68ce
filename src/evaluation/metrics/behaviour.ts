import type { EpisodeResult } from "../episode-result.ts";
import { mean } from "./mean.ts";

/** How an agent behaved, beside what it achieved. Shares are from 0 to 1 and NaN of nothing. */
export interface Behaviour {
  /** The share of an episode's turns whose action was understood and possible, as a mean over episodes. */
  readonly grounding: number;
  /** The share of all turns whose reply was malformed (section 7: formatting errors). */
  readonly formatErrors: number;
  /** The share of all turns that repeated the turn before to the same effect (section 7: loops). */
  readonly repeatedActions: number;
  /** The share of all turns for which the model's context was full, so that it was not sent the oldest ones. */
  readonly shortened: number;
  /** Turns of an episode, as a mean. */
  readonly turns: number;
}

/** How the agent behaved in these episodes. */
export function behaviourOf(results: readonly EpisodeResult[]): Behaviour {
  const played = results.filter(({ turns }) => turns > 0);
  const turns = played.reduce((sum, each) => sum + each.turns, 0);
  const share = (count: (result: EpisodeResult) => number): number =>
    played.reduce((sum, each) => sum + count(each), 0) / turns;
  return {
    grounding: mean(played.map((each) => each.validActions / each.turns)),
    formatErrors: share(({ formatErrors }) => formatErrors),
    repeatedActions: share(({ repeatedActions }) => repeatedActions),
    shortened: share(({ shortenedTurns }) => shortenedTurns),
    turns: mean(results.map((each) => each.turns)),
  };
}
