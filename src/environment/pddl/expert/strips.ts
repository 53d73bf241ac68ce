import type { GroundAction } from "../../../pddl/ground-action.ts";
import { type GroundFormula, groundFormula } from "../../../pddl/ground-formula.ts";
import { groundProblem } from "../../../pddl/ground-problem.ts";
import { NO_BINDING } from "../../../pddl/holds.ts";
import type { Problem } from "../../../pddl/problem.ts";
import { isFact } from "../../../pddl/state.ts";

/** A ground action over numbered facts, whose condition is nothing but a list of facts. */
export interface StripsOperator {
  readonly action: GroundAction;
  readonly needs: readonly number[];
  readonly adds: readonly number[];
  readonly deletes: readonly number[];
}

/** A problem over numbered facts; a state has a 1 for each fact that holds. */
export interface StripsProblem {
  readonly operators: readonly StripsOperator[];
  /** For each fact the numbers of the operators that need it. */
  readonly neededBy: readonly (readonly number[])[];
  readonly initial: Uint8Array;
  /** Undefined when something is wanted that no action can bring about. */
  readonly goal: readonly number[] | undefined;
}

function factsOf(formula: GroundFormula): readonly number[] | undefined {
  if (typeof formula === "number") return [formula];
  if (formula === true) return [];
  if (formula === false) return undefined;
  if (formula.kind !== "and") throw new TypeError("A game's domain must be plain STRIPS.");
  return formula.parts.flatMap((part) => factsOf(part) ?? []);
}

/** Grounds a problem of one of the games. Throws a `TypeError` when its domain is more than plain STRIPS. */
export function stripsProblem(problem: Problem): StripsProblem {
  const grounded = groundProblem(problem, problem.initial);
  const operators = grounded.operators.map(({ action, condition, effects }) => ({
    action,
    needs: factsOf(condition) ?? [],
    adds: effects.flatMap(({ adds }) => adds),
    deletes: effects.flatMap(({ deletes }) => deletes),
  }));
  const neededBy: number[][] = grounded.facts.map(() => []);
  operators.forEach(({ needs }, number) => {
    for (const fact of needs) neededBy[fact]?.push(number);
  });
  return {
    operators,
    neededBy,
    initial: Uint8Array.from(grounded.facts, (fact) =>
      isFact(problem.initial, fact.predicate, fact.objects) ? 1 : 0,
    ),
    goal: factsOf(groundFormula(problem.goal, problem.universe, NO_BINDING, grounded.factNumber)),
  };
}
