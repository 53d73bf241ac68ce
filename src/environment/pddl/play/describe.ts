import { AgentRefineError } from "../../../errors.ts";
import type { Atom, Formula } from "../../../pddl/formula.ts";
import { applicableActions, type GroundAction } from "../../../pddl/ground-action.ts";
import type { Problem } from "../../../pddl/problem.ts";
import { type Fact, factsOf, isFact, type State } from "../../../pddl/state.ts";
import { type Game, wordingOf } from "../games.ts";

/** The first letter upper case, all others lower case: what Python's `capitalize` does. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

function describe(facts: readonly Fact[]): string {
  return facts
    .map(({ predicate, objects }) => capitalise(wordingOf(predicate, objects)))
    .sort()
    .join(" ");
}

/** All facts as sorted sentences. */
export function describeState(state: State): string {
  return describe(factsOf(state));
}

/** The facts that hold in `after` and did not in `before`, as sorted sentences. */
export function describeNewFacts(before: State, after: State): string {
  const facts: Fact[] = [];
  for (const [predicate, relation] of after.relations) {
    const old = before.relations.get(predicate);
    if (old === relation) continue;
    for (const [key, objects] of relation.tuples) {
      if (!old?.tuples.has(key)) facts.push({ predicate, objects });
    }
  }
  return describe(facts);
}

/** What can be done in a state. */
export interface Listing {
  /** The texts of all actions, sorted by code unit, then the fixed ones that only ask for information. */
  readonly texts: readonly string[];
  /** The names of the actions that stand in the listing at least once: the verbs that are understood now. */
  readonly verbs: ReadonlySet<string>;
}

/** The text of an action, as AgentBoard lists it and understands it. */
export function actionText({ schema, objects }: GroundAction): string {
  return wordingOf(schema.name, objects);
}

/**
 * Lists every applicable action in which no object stands twice. AgentBoard's own order changes from run to run,
 * so the texts are sorted here.
 */
export function listActions(game: Game, problem: Problem, state: State): Listing {
  const texts: string[] = [];
  const verbs = new Set<string>();
  for (const action of applicableActions(problem, state)) {
    if (new Set(action.objects).size < action.objects.length) continue;
    verbs.add(action.schema.name);
    texts.push(actionText(action));
  }
  texts.sort();
  texts.push("check valid actions");
  if (game.tellsOnlyChanges) texts.push("look around");
  return { texts, verbs };
}

/** The atoms of a conjunction in their order, or undefined for a formula of another form. */
function atomsOf(formula: Formula): readonly Atom[] | undefined {
  if (formula.kind === "atom") return [formula];
  if (formula.kind !== "and") return undefined;
  const atoms = formula.parts.map(atomsOf);
  return atoms.every((part) => part !== undefined) ? atoms.flat() : undefined;
}

/** The facts that a problem wants. Throws an `AgentRefineError` when its goal is not a list of facts. */
export function wantedFacts(problem: Problem): readonly Atom[] {
  const atoms = atomsOf(problem.goal);
  if (atoms !== undefined && atoms.length > 0) return atoms;
  throw new AgentRefineError(`The goal of the PDDL problem "${problem.name}" is not a list of facts.`, {
    fix: "Write the goal as (and (fact …) …) without not, or, exists and forall.",
  });
}

/** The goal in words. */
export function goalText(wanted: readonly Atom[]): string {
  const texts = wanted.map(({ predicate, terms }) => wordingOf(predicate, terms)).sort();
  return `The goal is to satisfy the following conditions: ${texts.join(", ")}`;
}

/** The fraction of the wanted facts that hold, in [0, 1]. */
export function fractionAchieved(wanted: readonly Atom[], state: State): number {
  const achieved = wanted.filter(({ predicate, terms }) => isFact(state, predicate, terms));
  return achieved.length / wanted.length;
}
