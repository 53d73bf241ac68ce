import { type Atom, type Formula, readAtom, readFormula } from "./formula.ts";
import { asList, headOf, type List, pddlError, type SExpression } from "./s-expression.ts";
import { readTypedList, type TypedName } from "./typed-list.ts";

/** What an action changes. */
export type Effect =
  | { readonly kind: "add" | "delete"; readonly atom: Atom }
  | { readonly kind: "all"; readonly parts: readonly Effect[] }
  | { readonly kind: "forall"; readonly variables: readonly TypedName[]; readonly effect: Effect }
  | { readonly kind: "when"; readonly condition: Formula; readonly effect: Effect };

/** The effect that changes nothing. */
export const NO_EFFECT: Effect = { kind: "all", parts: [] };

const COSTS: ReadonlySet<string> = new Set(["increase", "decrease", "assign", "scale-up", "scale-down"]);

/** Reads an effect. Costs are left out. */
export function readEffect(expression: SExpression | undefined, parent: List): Effect {
  const list = asList(expression, "an effect", parent.position);
  const head = headOf(list);
  if (list.items.length === 0 || (head !== undefined && COSTS.has(head))) return NO_EFFECT;
  switch (head) {
    case "and":
      return { kind: "all", parts: list.items.slice(1).map((part) => readEffect(part, list)) };
    case "not":
      return { kind: "delete", atom: readAtom(asList(list.items[1], "an atom", list.position)) };
    case "forall": {
      const variables = asList(list.items[1], "a list of variables", list.position);
      return {
        kind: "forall",
        variables: readTypedList(variables.items, variables.position),
        effect: readEffect(list.items[2], list),
      };
    }
    case "when":
      return {
        kind: "when",
        condition: readFormula(list.items[1], list),
        effect: readEffect(list.items[2], list),
      };
    case "or":
    case "exists":
    case "imply":
      throw pddlError(`"${head}" cannot stand in an effect`, list.position);
    default:
      return { kind: "add", atom: readAtom(list) };
  }
}
