import { type Effect, type Formula, NO_EFFECT } from "../../pddl/formula.ts";
import { bindingOf, type GroundAction } from "../../pddl/ground-action.ts";
import { type Binding, groundTerms } from "../../pddl/holds.ts";

/** An atom that a precondition demands to hold or not to hold, or an effect makes so. */
type Literals = Map<string, boolean>;

function demandedBy(formula: Formula, binding: Binding, into: Literals): Literals {
  if (formula.kind === "and") for (const part of formula.parts) demandedBy(part, binding, into);
  else if (formula.kind === "atom") {
    into.set([formula.predicate, ...groundTerms(formula, binding)].join(" "), true);
  } else if (formula.kind === "not" && formula.formula.kind === "atom") {
    into.set([formula.formula.predicate, ...groundTerms(formula.formula, binding)].join(" "), false);
  }
  return into;
}

/** What an effect makes so; undefined when it has conditions or speaks of all objects. An add wins over a delete. */
function madeBy(effect: Effect, binding: Binding, into: Literals): Literals | undefined {
  if (effect.kind === "all") {
    return effect.parts.every((part) => madeBy(part, binding, into) !== undefined) ? into : undefined;
  }
  if (effect.kind !== "add" && effect.kind !== "delete") return undefined;
  const atom = [effect.atom.predicate, ...groundTerms(effect.atom, binding)].join(" ");
  if (effect.kind === "add") into.set(atom, true);
  else if (!into.has(atom)) into.set(atom, false);
  return into;
}

/**
 * Whether an action makes something so that its precondition does not demand already. The original's planner drops the
 * others: one cannot go where one stands.
 */
export function changesSomething(action: GroundAction): boolean {
  const { precondition, effect } = action.schema;
  if (effect === NO_EFFECT) return false;
  const binding = bindingOf(action.schema, action.objects);
  const made = madeBy(effect, binding, new Map());
  if (made === undefined) return true;
  const demanded = demandedBy(precondition, binding, new Map());
  for (const [atom, value] of made) if (demanded.get(atom) !== value) return true;
  return false;
}
