import type { Effect } from "./effect.ts";
import { type GroundFormula, type Grounding, groundFormula } from "./ground-formula.ts";
import { type Binding, extensions, groundTerms } from "./holds.ts";

/** One conditional part of a ground action's effect, over numbered facts. */
export interface GroundEffect {
  readonly condition: GroundFormula;
  readonly adds: readonly number[];
  readonly deletes: readonly number[];
}

/** An effect without quantifiers and nesting: one atom under one condition. */
interface Change {
  readonly condition: GroundFormula;
  readonly kind: "adds" | "deletes";
  readonly fact: number;
}

function both(left: GroundFormula, right: GroundFormula): GroundFormula {
  if (left === true) return right;
  return right === true ? left : { kind: "and", parts: [left, right] };
}

function* changes(
  effect: Effect,
  grounding: Grounding,
  binding: Binding,
  condition: GroundFormula,
): Generator<Change> {
  const { universe, factNumber } = grounding;
  switch (effect.kind) {
    case "all":
      for (const part of effect.parts) yield* changes(part, grounding, binding, condition);
      return;
    case "forall":
      for (const extended of extensions(effect.variables, universe, binding)) {
        yield* changes(effect.effect, grounding, extended, condition);
      }
      return;
    case "when": {
      const own = groundFormula(effect.condition, grounding, binding);
      if (own !== false) yield* changes(effect.effect, grounding, binding, both(condition, own));
      return;
    }
    default: {
      const fact = factNumber({
        predicate: effect.atom.predicate,
        objects: groundTerms(effect.atom, binding),
      });
      if (typeof fact === "number")
        yield { condition, kind: effect.kind === "add" ? "adds" : "deletes", fact };
    }
  }
}

/** Replaces variables by objects in an effect and gathers its changes by their conditions. */
export function groundEffects(
  effect: Effect,
  grounding: Grounding,
  binding: Binding,
): readonly GroundEffect[] {
  const gathered = new Map<GroundFormula, { adds: number[]; deletes: number[] }>();
  for (const { condition, kind, fact } of changes(effect, grounding, binding, true)) {
    const part = gathered.get(condition) ?? { adds: [], deletes: [] };
    gathered.set(condition, part);
    part[kind].push(fact);
  }
  return [...gathered].map(([condition, part]) => ({ condition, ...part }));
}
