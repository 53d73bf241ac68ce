import { eachBinding } from "./bindings.ts";
import type { Existential, Formula } from "./formula.ts";
import { type Binding, extensions, givenTo, groundTerms, queriesWithin } from "./holds.ts";
import type { Fact, State } from "./state.ts";
import type { Universe } from "./universe.ts";

/** A formula without variables. A number is a fact that can change; all others were worked out. */
export type GroundFormula =
  | boolean
  | number
  | { readonly kind: "not"; readonly formula: GroundFormula }
  | { readonly kind: "and" | "or"; readonly parts: readonly GroundFormula[] };

/** Gives the number of a fact that can change, or whether a fact that cannot holds. */
export type FactNumber = (fact: Fact) => number | boolean;

function combine(kind: "and" | "or", parts: Iterable<GroundFormula>): GroundFormula {
  const decisive = kind === "or";
  const open: GroundFormula[] = [];
  for (const part of parts) {
    if (part === decisive) return decisive;
    if (typeof part !== "boolean") open.push(part);
  }
  if (open.length === 0) return !decisive;
  return open.length === 1 && open[0] !== undefined ? open[0] : { kind, parts: open };
}

function negate(formula: GroundFormula): GroundFormula {
  return typeof formula === "boolean" ? !formula : { kind: "not", formula };
}

/** What formulas are grounded by. */
export interface Grounding {
  readonly universe: Universe;
  readonly factNumber: FactNumber;
  /** All facts that can ever hold: no others need be looked for. */
  readonly reached: State;
}

/** The cases of an `exists`, found by joining its atoms over what can ever hold. */
function cases(formula: Existential, grounding: Grounding, binding: Binding): readonly GroundFormula[] {
  const { universe, factNumber, reached } = grounding;
  return queriesWithin(formula, binding).flatMap((query) => {
    const found: GroundFormula[] = [];
    const given = givenTo(query, formula, binding);
    const collect = (objects: readonly string[]): undefined => {
      const extended = new Map(query.variables.map(({ name }, place) => [name, objects[place] ?? ""]));
      const atoms = query.atoms.map(({ predicate, terms }) =>
        factNumber({
          predicate,
          objects: terms.map((term) => (typeof term === "number" ? (objects[term] ?? "") : term)),
        }),
      );
      const rest = query.rest.map((part) => groundFormula(part, grounding, extended));
      found.push(combine("and", [...atoms, ...rest]));
    };
    eachBinding(query, reached, universe, collect, given);
    return found;
  });
}

/** Replaces variables by objects and works out what no action can change. */
export function groundFormula(formula: Formula, grounding: Grounding, binding: Binding): GroundFormula {
  const { universe, factNumber } = grounding;
  const ground = (part: Formula, under: Binding = binding): GroundFormula =>
    groundFormula(part, grounding, under);
  switch (formula.kind) {
    case "atom":
      return factNumber({ predicate: formula.predicate, objects: groundTerms(formula, binding) });
    case "equal":
      return (binding.get(formula.left) ?? formula.left) === (binding.get(formula.right) ?? formula.right);
    case "not":
      return negate(ground(formula.formula));
    case "and":
    case "or":
      return combine(
        formula.kind,
        formula.parts.map((part) => ground(part)),
      );
    case "exists":
      return combine("or", cases(formula, grounding, binding));
    case "forall": {
      const all: GroundFormula[] = [];
      for (const extended of extensions(formula.variables, universe, binding)) {
        all.push(ground(formula.formula, extended));
      }
      return combine("and", all);
    }
  }
}

/** Whether a ground formula holds; `facts[n]` is 1 when fact n holds. */
export function isTrue(formula: GroundFormula, facts: Uint8Array): boolean {
  if (typeof formula === "number") return facts[formula] === 1;
  if (typeof formula === "boolean") return formula;
  if (formula.kind === "not") return !isTrue(formula.formula, facts);
  return formula.kind === "and"
    ? formula.parts.every((part) => isTrue(part, facts))
    : formula.parts.some((part) => isTrue(part, facts));
}
