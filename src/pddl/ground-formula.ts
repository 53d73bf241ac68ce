import type { Formula } from "./formula.ts";
import { type Binding, extensions, groundTerms } from "./holds.ts";
import type { Fact } from "./state.ts";
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

/** Replaces variables by objects and works out what no action can change. */
export function groundFormula(
  formula: Formula,
  universe: Universe,
  binding: Binding,
  factNumber: FactNumber,
): GroundFormula {
  const ground = (part: Formula, under: Binding = binding): GroundFormula =>
    groundFormula(part, universe, under, factNumber);
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
    case "forall": {
      const cases: GroundFormula[] = [];
      for (const extended of extensions(formula.variables, universe, binding)) {
        cases.push(ground(formula.formula, extended));
      }
      return combine(formula.kind === "exists" ? "or" : "and", cases);
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
