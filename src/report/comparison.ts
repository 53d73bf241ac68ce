import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { type Differences, differencesOf, isComparable } from "../evaluation/metrics/difference.ts";
import { type EvaluationSummary, summarize } from "../evaluation/summary.ts";

/** An evaluation with the name that it has in a comparison. */
export interface NamedResults {
  readonly name: string;
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
  /** The suites of any of them, in the order in which they first come. */
  readonly suites: readonly string[];
  /** Suites that were played under different rules, with the rules. */
  readonly notComparable: ReadonlyMap<string, readonly string[]>;
  /** Suites of which not all evaluations have played the same tasks. */
  readonly otherTasks: readonly string[];
}

function ofSuite(results: readonly EpisodeResult[], suite: string): readonly EpisodeResult[] {
  return results.filter((each) => each.suite === suite);
}

/** The variants of a suite when there are several. */
function variantsOf(all: readonly EpisodeResult[]): readonly string[] {
  return isComparable(all, []) ? [] : [...new Set(all.map(({ variant }) => variant))];
}

function hasOtherTasks(evaluations: readonly (readonly EpisodeResult[])[]): boolean {
  const lists = evaluations
    .filter((results) => results.length > 0)
    .map((results) => [...new Set(results.map(({ task }) => task))].sort().join("\n"));
  return new Set(lists).size > 1;
}

/** Puts evaluations beside each other; the first is what the others are compared with. */
export function compareEvaluations(named: readonly NamedResults[]): Comparison {
  const suites = [...new Set(named.flatMap(({ results }) => results.map(({ suite }) => suite)))];
  const [first] = named;
  const parts = (suite: string): readonly (readonly EpisodeResult[])[] =>
    named.map(({ results }) => ofSuite(results, suite));
  const variants = suites.map((suite) => [suite, variantsOf(parts(suite).flat())] as const);
  return {
    evaluations: named.map(({ name, results }, place) => ({
      name,
      summary: summarize(results),
      beyondFirst: place === 0 || first === undefined ? undefined : differencesOf(first.results, results),
    })),
    suites,
    notComparable: new Map(variants.filter(([, several]) => several.length > 0)),
    otherTasks: suites.filter((suite) => hasOtherTasks(parts(suite))),
  };
}
