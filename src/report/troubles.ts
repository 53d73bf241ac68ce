import type { Counts } from "../evaluation/episode-result.ts";
import type { SuiteSummary } from "../evaluation/summary.ts";

/** The longest reason that is told in full, and how many are told. */
const LONGEST = 300;
const MOST_REASONS = 5;

/** Kinds with how many there are of each, the most frequent first: `12 missing-thought, 3 observation`. */
export function kindsText(counts: Counts): string {
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

function episodes(count: number): string {
  return `${count} ${count === 1 ? "episode" : "episodes"}`;
}

/** What broke in a suite or could not be scored, what was wrong with replies and what was played, a phrase each. */
export function troubles({ malformed, irregular, worldFailures, unscored }: SuiteSummary): readonly string[] {
  const failures = Object.entries(worldFailures).sort(([, one], [, other]) => other - one);
  const told = failures.slice(0, MOST_REASONS).map(([reason, count]) => {
    const words = reason.replace(/\s+/g, " ").trim();
    const short = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
    return `the world failed in ${episodes(count)}: ${short}`;
  });
  const others = failures.slice(MOST_REASONS).reduce((sum, [, count]) => sum + count, 0);
  const kinds = (words: string, counts: Counts): readonly string[] =>
    Object.keys(counts).length === 0 ? [] : [`${words}: ${kindsText(counts)}`];
  return [
    ...told,
    ...(others === 0
      ? []
      : [`the world failed in ${episodes(others)} more, for other reasons (episodes.jsonl)`]),
    ...Object.entries(unscored).map(
      ([measure, count]) => `${episodes(count)} without a value of ${measure}, left out of its mean`,
    ),
    ...kinds("replies that could not be read", malformed),
    ...kinds("replies in another form, played", irregular),
  ];
}
