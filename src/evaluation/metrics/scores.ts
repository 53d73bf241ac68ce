import { type Measure, PROGRESS, SUCCESS } from "../../environment/suite.ts";
import { findSuite } from "../../environment/suites.ts";
import type { EpisodeResult } from "../episode-result.ts";

const KNOWN = [SUCCESS, PROGRESS];

/** The measures of a suite's definition; undefined for one that is not ours. */
function definedMeasures(suite: string | undefined): readonly Measure[] | undefined {
  return findSuite(suite)?.measures;
}

/**
 * The measures of one suite's results in their order: those of its definition, and of a suite of one's own those that
 * its results have, from 0 to 1 or as far as they go beyond.
 */
export function measuresOf(results: readonly Pick<EpisodeResult, "suite" | "scores">[]): readonly Measure[] {
  const listed = definedMeasures(results[0]?.suite);
  if (listed !== undefined) return listed;
  const names = [...new Set(results.flatMap(({ scores }) => Object.keys(scores)))];
  return names.map((name) => {
    const known = KNOWN.find((measure) => measure.name === name);
    if (known !== undefined) return known;
    const values = results.map((result) => scoreOf(result, name));
    return { name, range: [Math.min(0, ...values), Math.max(1, ...values)], over: "last" };
  });
}

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

/** The value of a measure, by its name, in one episode. */
export function scoreOf({ scores }: Pick<EpisodeResult, "scores">, measure: string): number {
  return scores[measure] ?? 0;
}

/** The results that count for a measure: those without a value of one that is optional are left out. */
export function scored<Result extends Pick<EpisodeResult, "suite" | "scores">>(
  results: readonly Result[],
  measure: string,
): readonly Result[] {
  const known = definedMeasures(results[0]?.suite)?.find(({ name }) => name === measure);
  return known?.optional === true ? results.filter(({ scores }) => measure in scores) : results;
}

/** Something of each measure, by its name. */
export type ByMeasure<Value> = Readonly<Record<string, Value>>;

/** Finds out something of each measure. */
export function byMeasure<Value>(
  measures: readonly Measure[],
  of: (measure: Measure) => Value,
): ByMeasure<Value> {
  return Object.fromEntries(measures.map((measure) => [measure.name, of(measure)]));
}

/**
 * The mean over the attempts at each task, by the task's id and in the order of the ids, so that nothing depends
 * on which episode ended first. The episodes are of one suite.
 */
export function taskScores(results: readonly EpisodeResult[], measure: string): ReadonlyMap<string, number> {
  const byTask = [...groupBy(scored(results, measure), ({ task }) => task)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
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
