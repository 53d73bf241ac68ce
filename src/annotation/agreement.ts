import { type TurnVerdict, VERDICTS } from "./verdict.ts";

/** How often one said this (first) and the other that (second). */
export type Confusion = Readonly<Record<TurnVerdict, Readonly<Record<TurnVerdict, number>>>>;

/** What two said of one turn. */
export type VerdictPair = readonly [one: TurnVerdict, other: TurnVerdict];

/** Counts pairs of verdicts. */
export function confusionOf(pairs: readonly VerdictPair[]): Confusion {
  const table = { right: { right: 0, wrong: 0 }, wrong: { right: 0, wrong: 0 } };
  for (const [one, other] of pairs) table[one][other] += 1;
  return table;
}

/** How many pairs were counted. */
export function totalOf({ right, wrong }: Confusion): number {
  return right.right + right.wrong + wrong.right + wrong.wrong;
}

/** The share of pairs that agree, from 0 to 1; NaN when there is none. */
export function agreementOf(table: Confusion): number {
  return (table.right.right + table.wrong.wrong) / totalOf(table);
}

/** The share of pairs that would agree by chance, were each to judge by its own shares of right and wrong alone. */
export function chanceOf(table: Confusion): number {
  const total = totalOf(table);
  const shares = VERDICTS.map((verdict) => {
    const one = table[verdict].right + table[verdict].wrong;
    const other = table.right[verdict] + table.wrong[verdict];
    return (one / total) * (other / total);
  });
  return shares.reduce((sum, share) => sum + share, 0);
}

/** An agreement less what chance would give, in shares of what it leaves: 1 is all, 0 is chance. */
export function beyondChance(agreement: number, chance: number): number | undefined {
  // Who always says one thing, and another who says the same, agree in all and show nothing.
  return chance < 1 ? (agreement - chance) / (1 - chance) : undefined;
}

/** Cohen's kappa of two annotators; undefined when there is no pair, or both always say the same. */
export function cohenKappa(table: Confusion): number | undefined {
  return totalOf(table) === 0 ? undefined : beyondChance(agreementOf(table), chanceOf(table));
}

/**
 * Krippendorff's alpha (nominal) of any number of annotators, of whom not all need to have judged every turn; undefined
 * when no turn was judged by two, or all verdicts are the same.
 *
 * @param turns what was said of each turn
 */
export function krippendorffAlpha(turns: readonly (readonly TurnVerdict[])[]): number | undefined {
  const paired = turns.filter(({ length }) => length > 1);
  const counts = { right: 0, wrong: 0 };
  let disagreeing = 0;
  for (const verdicts of paired) {
    const right = verdicts.filter((verdict) => verdict === "right").length;
    const wrong = verdicts.length - right;
    counts.right += right;
    counts.wrong += wrong;
    disagreeing += (2 * right * wrong) / (verdicts.length - 1);
  }
  const total = counts.right + counts.wrong;
  const expected = (2 * counts.right * counts.wrong) / (total - 1);
  return expected > 0 ? 1 - disagreeing / expected : undefined;
}
