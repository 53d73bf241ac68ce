import { type Measure, PROGRESS, SUCCESS, variantText } from "../../environment/suite.ts";
import type { EpisodeResult } from "../episode-result.ts";
import { heldOutWeights } from "./held-out.ts";
import { type PairedDifference, pairedDifference, type Stratum } from "./interval.ts";
import { type ByMeasure, byMeasure, groupBy, measuresOf, taskScores } from "./scores.ts";

/** How much one evaluation has of each measure beyond another, in the tasks that both have played. */
interface Difference {
  readonly scores: ByMeasure<PairedDifference>;
  /** Tasks that both have played. */
  readonly tasks: number;
}

/** The differences of two evaluations in each suite, and in the held-out score over them. */
export interface Differences {
  readonly suites: ReadonlyMap<string, Difference>;
  /** Over the suites that it names, with App. A's weights. */
  readonly heldOut: (Difference & { readonly suites: readonly string[] }) | undefined;
}

type Results = readonly EpisodeResult[];

function pairedScores(base: Results, other: Results, measure: string): readonly number[] {
  const before = taskScores(base, measure);
  return [...taskScores(other, measure)].flatMap(([task, score]) => {
    const old = before.get(task);
    return old === undefined ? [] : [score - old];
  });
}

/** The rules under which episodes of one suite were played; several when they are not comparable. */
export function rulesOf(results: Results): readonly string[] {
  return [...new Set(results.map(({ variant }) => variantText({ ...variant, words: null })))];
}

/** A suite that both have played. */
interface Pair {
  readonly suite: string;
  readonly measures: readonly Measure[];
  /** What the other has beyond the first, task by task. */
  readonly differences: (measure: string) => readonly number[];
}

function differenceOf(
  pairs: readonly Pair[],
  measures: readonly Measure[],
  weightOf: (suite: string) => number,
  seed: string,
): Difference {
  const scores = byMeasure(measures, ({ name, range }): PairedDifference => {
    const strata = pairs.map(
      ({ suite, differences }): Stratum => ({ weight: weightOf(suite), scores: differences(name), range }),
    );
    return pairedDifference(strata, `difference/${seed}/${name}`);
  });
  const [first] = measures;
  const tasks = pairs.reduce((sum, { differences }) => sum + differences(first?.name ?? "").length, 0);
  return { scores, tasks };
}

/**
 * What `other` has beyond `base`, task by task: both met the same tasks, so intervals and tests are those of a paired
 * comparison. Suites that only one has, or that were played under different rules,
 * are left out; the same rules in other words (App. K) are compared on purpose.
 */
export function differencesOf(base: Results, other: Results): Differences {
  const before = groupBy(base, ({ suite }) => suite);
  const pairs = [...groupBy(other, ({ suite }) => suite)].flatMap(([suite, results]): readonly Pair[] => {
    const old = before.get(suite);
    if (old === undefined || rulesOf([...old, ...results]).length > 1) return [];
    const measures = measuresOf([...old, ...results]);
    const differences = (measure: string): readonly number[] => pairedScores(old, results, measure);
    return differences("").length === 0 ? [] : [{ suite, measures, differences }];
  });
  const suites = new Map(
    pairs.map((pair) => [pair.suite, differenceOf([pair], pair.measures, () => 1, pair.suite)]),
  );
  const weights = heldOutWeights(pairs.map(({ suite }) => suite))?.weights;
  const heldOut = pairs.filter(({ suite }) => weights?.has(suite));
  if (weights === undefined || heldOut.length === 0) return { suites, heldOut: undefined };
  const weightOf = (suite: string): number => weights.get(suite) ?? 0;
  const together = differenceOf(heldOut, [SUCCESS, PROGRESS], weightOf, "held-out");
  return { suites, heldOut: { ...together, suites: [...weights.keys()] } };
}
