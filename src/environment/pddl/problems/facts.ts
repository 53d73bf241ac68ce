import type { Formula } from "../../../pddl/formula.ts";
import type { Fact } from "../../../pddl/state.ts";

/** A predicate and the objects it holds for. */
export function fact(predicate: string, ...objects: readonly string[]): Fact {
  return { predicate, objects };
}

/** The goal that all these facts hold. */
export function goalOf(facts: readonly Fact[]): Formula {
  return {
    kind: "and",
    parts: facts.map(({ predicate, objects }) => ({ kind: "atom", predicate, terms: objects })),
  };
}

/** `prefix1`, `prefix2`, … */
export function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
}
