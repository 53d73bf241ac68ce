import type { UnverifiedCounts } from "../../dataset/no-verification.ts";
import { unverifiedWords } from "../export-words.ts";
import type { SourceCounts } from "./run-source.ts";
import type { SubsetSettings } from "./subset-of.ts";

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** The counts for a report. How many personas have no trajectory cannot be told of a subset. */
export function unverifiedOf(
  { ended, kinds, unusable }: SourceCounts,
  subset: SubsetSettings | undefined,
): UnverifiedCounts {
  if (subset !== undefined) return { kinds, unusable };
  // Of a run that goes on, personas that have not ended may have a trajectory already.
  return { kinds, unusable: { ...unusable, none: Math.max(0, ended - sum(kinds) - sum(unusable)) } };
}

/** The same as names and values for the README. */
export function unverifiedFacts({
  kinds,
  unusable,
}: UnverifiedCounts): readonly (readonly [string, string])[] {
  return [
    ["kinds (Table 11)", unverifiedWords.kinds(kinds)],
    ["personas left out", unverifiedWords.unusable(unusable)],
  ];
}
