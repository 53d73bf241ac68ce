import type { EpisodeResult } from "../episode-result.ts";

/** What is measured of an episode, from 0 to 1: as AgentBoard defines success rate and progress rate. */
export type Measure = "success" | "progress";

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A mean and how far the values lie from it. */
export interface Spread {
  readonly mean: number;
  /** Their standard deviation, divided by their number, not by one less. */
  readonly deviation: number;
}

/** The spread of values; NaN of nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const middle = mean(values);
  return { mean: middle, deviation: Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) };
}

/** The items by a key, in the order in which the keys first come. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The value of a measure in one episode. */
export function scoreOf(result: EpisodeResult, measure: Measure): number {
  return measure === "success" ? Number(result.success) : result.progress;
}

/**
 * The mean over the attempts at each task, by the task's id and in the order of the ids, so that nothing depends
 * on which episode ended first. The episodes are of one suite.
 */
export function taskScores(results: readonly EpisodeResult[], measure: Measure): ReadonlyMap<string, number> {
  const byTask = [...groupBy(results, ({ task }) => task)].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(
    byTask.map(([task, attempts]) => [task, mean(attempts.map((each) => scoreOf(each, measure)))]),
  );
}

/** How an agent behaved, beside what it achieved. Shares are from 0 to 1 and NaN of nothing. */
export interface Behaviour {
  /** The share of an episode's turns whose action was understood and possible, as a mean over episodes. */
  readonly grounding: number;
  /** The share of all turns whose reply was malformed (section 7: formatting errors). */
  readonly formatErrors: number;
  /** The share of all turns whose action was done although its reply was not in the form that was asked for. */
  readonly irregular: number;
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
    irregular: share(({ irregularTurns }) => irregularTurns),
    repeatedActions: share(({ repeatedActions }) => repeatedActions),
    shortened: share(({ shortenedTurns }) => shortenedTurns),
    turns: mean(results.map((each) => each.turns)),
  };
}
