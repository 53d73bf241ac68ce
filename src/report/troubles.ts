import type { Counts } from "../evaluation/episode-result.ts";
import type { SuiteSummary } from "../evaluation/summary.ts";
import { counted, mostFrequent } from "../numbers.ts";

/** The longest reason that is told in full, and how many are told. */
const LONGEST = 300;
const MOST_REASONS = 5;

/** Kinds with how many there are of each, the most frequent first: `12 missing-thought, 3 observation`. */
export function kindsText(counts: Counts): string {
  return mostFrequent(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

/** Reasons with the episodes that they ended, a phrase each, the most frequent first. */
function reasons(words: string, counts: Counts): readonly string[] {
  const all = mostFrequent(counts);
  const others = all.slice(MOST_REASONS).reduce((sum, [, count]) => sum + count, 0);
  const told = all.slice(0, MOST_REASONS).map(([reason, count]) => {
    const line = reason.replace(/\s+/g, " ").trim();
    const short = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
    return `${words} in ${counted(count, "episode")}: ${short}`;
  });
  return others === 0 ? told : [...told, `${words} in ${others} more for other reasons (episodes.jsonl)`];
}

/** What broke in a suite or could not be scored, what was wrong with replies and what was played, a phrase each. */
export function troubles({
  malformed,
  irregular,
  worldFailures,
  stops,
  unscored,
}: SuiteSummary): readonly string[] {
  const kinds = (words: string, counts: Counts): readonly string[] =>
    Object.keys(counts).length === 0 ? [] : [`${words}: ${kindsText(counts)}`];
  return [
    ...reasons("the world failed", worldFailures),
    ...reasons("the player stopped", stops),
    ...Object.entries(unscored).map(
      ([measure, count]) =>
        `${counted(count, "episode")} without a value of ${measure}, left out of its mean`,
    ),
    ...kinds("replies that could not be read", malformed),
    ...kinds("replies in another form, played", irregular),
  ];
}
