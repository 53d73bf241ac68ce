import type { Atom, Formula } from "./formula.ts";

/** A ground atom that has to hold, or has not to. */
export interface Literal {
  readonly atom: Atom;
  readonly positive: boolean;
}

/** The literals of a conjunctive goal in their order, or undefined for a goal of another form. */
export function goalLiterals(goal: Formula): readonly Literal[] | undefined {
  if (goal.kind === "atom") return [{ atom: goal, positive: true }];
  if (goal.kind === "not" && goal.formula.kind === "atom") return [{ atom: goal.formula, positive: false }];
  if (goal.kind !== "and") return undefined;
  const literals: Literal[] = [];
  for (const part of goal.parts) {
    const inner = goalLiterals(part);
    if (inner === undefined) return undefined;
    literals.push(...inner);
  }
  return literals;
}
