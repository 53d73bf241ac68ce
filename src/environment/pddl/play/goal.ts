import { AgentRefineError } from "../../../errors.ts";
import { goalLiterals, type Literal } from "../../../pddl/goal-literals.ts";
import type { Problem } from "../../../pddl/problem.ts";
import { isFact, type State } from "../../../pddl/state.ts";
import { wordingOf } from "../text/wording.ts";

/** The facts that a problem wants. Throws an `AgentRefineError` when its goal is not a list of facts. */
export function wantedFacts(problem: Problem): readonly Literal[] {
  const literals = goalLiterals(problem.goal);
  if (literals === undefined || literals.length === 0 || literals.some(({ positive }) => !positive)) {
    throw new AgentRefineError(`The goal of the PDDL problem "${problem.name}" is not a list of facts.`, {
      fix: "Write the goal as (and (fact …) …) without not, or, exists and forall.",
    });
  }
  return literals;
}

/** The goal in words. */
export function goalText(wanted: readonly Literal[]): string {
  const texts = wanted.map(({ atom }) => wordingOf(atom.predicate, atom.terms)).sort();
  return `The goal is to satisfy the following conditions: ${texts.join(", ")}`;
}

/** The fraction of the wanted facts that hold, in [0, 1]. */
export function fractionAchieved(wanted: readonly Literal[], state: State): number {
  const achieved = wanted.filter(({ atom }) => isFact(state, atom.predicate, atom.terms));
  return achieved.length / wanted.length;
}
