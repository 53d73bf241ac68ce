import type { Comparison } from "../comparison.ts";
import { numberOf, printedTables } from "../paper-tables.ts";
import { robustnessParts } from "../robustness.ts";
import type { Missing, Section } from "./entry.ts";
import { type Material, TRAINED_OTHERWISE } from "./material.ts";

const NEEDED =
  "the same worlds in their own words and in others: agentrefine evaluate --suite alfworld --perturb NAME, once for each";

/** The evaluations in other words, with a table of the paper's beside them. */
function tableOf(number: string, { robustness }: Comparison): Section {
  const paper = printedTables().robustness.filter(({ title }) => numberOf(title) === number);
  return { parts: robustnessParts(robustness, "wide", paper) };
}

/** Table 3: how agents stand up to other words. */
export function robustnessTable({ compared }: Material): Section | Missing {
  if (compared === undefined || compared.comparison.robustness.length === 0) return { missing: NEEDED };
  return tableOf("Table 3", compared.comparison);
}

/** Table 11: the same for trainings of which something was left out; only where that is told of one. */
export function ablatedRobustness({ compared, evaluations }: Material): Section | Missing {
  const robustness = compared?.comparison.robustness ?? [];
  const ablated = evaluations.filter(
    ({ name, trained }) =>
      trained?.otherwise !== undefined &&
      trained.otherwise in TRAINED_OTHERWISE &&
      robustness.some(({ scores }) => scores.some((each) => each.name === name)),
  );
  if (compared === undefined || ablated.length === 0) {
    return {
      missing: `ablated trainings (--trained EVALUATION=ROWS,no-verification), and of them ${NEEDED}`,
    };
  }
  return tableOf("Table 11", compared.comparison);
}
