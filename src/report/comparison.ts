import type { Measure } from "../environment/suite.ts";
import { SUITE_NAMES } from "../environment/suites.ts";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { type Differences, differencesOf, rulesOf } from "../evaluation/metrics/difference.ts";
import { heldOutWeights } from "../evaluation/metrics/held-out.ts";
import { measuresOf } from "../evaluation/metrics/scores.ts";
import { type EvaluationSummary, summarize } from "../evaluation/summary.ts";
import { type PlayedEvaluation, type Robustness, robustnessOf } from "./robustness.ts";

/** An evaluation with the name that it has in a comparison. */
export interface NamedResults extends Pick<PlayedEvaluation, "name" | "player"> {
  readonly results: readonly EpisodeResult[];
}

/** An evaluation in a comparison. */
export interface ComparedEvaluation {
  readonly name: string;
  readonly summary: EvaluationSummary;
  /** What it has beyond the first one; undefined for the first one. */
  readonly beyondFirst: Differences | undefined;
}

/** Evaluations beside each other. */
export interface Comparison {
  readonly evaluations: readonly ComparedEvaluation[];
  /** The suites of any of them, in the order of the paper's tables; further ones come after those, by name. */
  readonly suites: readonly string[];
  /** What is measured in each of the suites. */
  readonly measures: ReadonlyMap<string, readonly Measure[]>;
  /**
   * Those of the suites that are part of the paper's held-out score (App. A): what such a score is over here. An
   * evaluation that has not played all of them has none.
   */
  readonly heldOut: readonly string[];
  /** Suites that were played under different rules, with the rules. */
  readonly notComparable: ReadonlyMap<string, readonly string[]>;
  /** Of agents that have played in the world's own words and in others; none for the rest. */
  readonly robustness: readonly Robustness[];
  /** How many tasks of each suite any of them has played: an evaluation with fewer has played others. */
  readonly tasks: ReadonlyMap<string, number>;
  /** Suites of which not all evaluations have played the same tasks. */
  readonly otherTasks: readonly string[];
}

function ofSuite(results: readonly EpisodeResult[], suite: string): readonly EpisodeResult[] {
  return results.filter((each) => each.suite === suite);
}

function hasOtherTasks(evaluations: readonly (readonly EpisodeResult[])[]): boolean {
  const lists = evaluations
    .filter((results) => results.length > 0)
    .map((results) => [...new Set(results.map(({ task }) => task))].sort().join("\n"));
  return new Set(lists).size > 1;
}

function placeOf(suite: string): number {
  const place = SUITE_NAMES.indexOf(suite);
  return place < 0 ? SUITE_NAMES.length : place;
}

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** In an order that has nothing to do with which episode ended first. */
function ordered(results: readonly EpisodeResult[]): readonly EpisodeResult[] {
  return [...results].sort(
    (one, other) =>
      placeOf(one.suite) - placeOf(other.suite) ||
      byText(one.suite, other.suite) ||
      byText(one.difficulty ?? "", other.difficulty ?? "") ||
      byText(one.group, other.group) ||
      byText(one.task, other.task) ||
      one.attempt - other.attempt,
  );
}

function suitesOf(named: readonly NamedResults[]): readonly string[] {
  const suites = new Set(named.flatMap(({ results }) => results.map(({ suite }) => suite)));
  return [...suites].sort((one, other) => placeOf(one) - placeOf(other) || byText(one, other));
}

/** Puts evaluations beside each other; the first is what the others are compared with. */
export function compareResults(given: readonly NamedResults[]): Comparison {
  const named = given.map(({ name, player, results }) => {
    const inOrder = ordered(results);
    return { name, player, results: inOrder, summary: summarize(inOrder) };
  });
  const suites = suitesOf(named);
  const [first] = named;
  const parts = (suite: string): readonly (readonly EpisodeResult[])[] =>
    named.map(({ results }) => ofSuite(results, suite));
  const rules = suites.map((suite) => [suite, rulesOf(parts(suite).flat())] as const);
  const robustness = robustnessOf(named);
  return {
    evaluations: named.map(({ name, results, summary }, place) => ({
      name,
      summary,
      beyondFirst: place === 0 || first === undefined ? undefined : differencesOf(first.results, results),
    })),
    suites,
    measures: new Map(suites.map((suite) => [suite, measuresOf(parts(suite).flat())])),
    heldOut: suites.filter((suite) => heldOutWeights([suite]) !== undefined),
    notComparable: new Map(rules.filter(([, several]) => several.length > 1)),
    robustness: suites.flatMap((suite) => robustness.filter((each) => each.suite === suite)),
    tasks: new Map(
      suites.map((suite) => [
        suite,
        new Set(
          parts(suite)
            .flat()
            .map(({ task }) => task),
        ).size,
      ]),
    ),
    otherTasks: suites.filter((suite) => hasOtherTasks(parts(suite))),
  };
}
