import type { Effect } from "./effect.ts";
import type { Atom, Formula } from "./formula.ts";
import type { TypedName } from "./typed-list.ts";

/** An atom of a precondition with its variables replaced by their places among the parameters. */
export interface JoinAtom {
  readonly predicate: string;
  /** A number is the place of a parameter, a text is an object. */
  readonly terms: readonly (number | string)[];
}

/** An action with variables. */
export interface ActionSchema {
  readonly name: string;
  readonly parameters: readonly TypedName[];
  readonly precondition: Formula;
  readonly effect: Effect;
  /** The atoms that the precondition demands outright: what bindings are joined from. */
  readonly joined: readonly JoinAtom[];
  /** What else the precondition demands, to be checked when every parameter is bound. */
  readonly rest: readonly Formula[];
}

function conjuncts(formula: Formula): readonly Formula[] {
  return formula.kind === "and" ? formula.parts.flatMap(conjuncts) : [formula];
}

/** Makes an action schema and divides its precondition into what can be joined and the rest. */
export function actionSchema(
  name: string,
  parameters: readonly TypedName[],
  precondition: Formula,
  effect: Effect,
): ActionSchema {
  const places = new Map(parameters.map((parameter, place) => [parameter.name, place]));
  const parts = conjuncts(precondition);
  const joinAtom = (atom: Atom): JoinAtom => ({
    predicate: atom.predicate,
    terms: atom.terms.map((term) => places.get(term) ?? term),
  });
  return {
    name,
    parameters,
    precondition,
    effect,
    joined: parts.filter((part) => part.kind === "atom").map(joinAtom),
    rest: parts.filter((part) => part.kind !== "atom"),
  };
}
