import { applicableActions, type GroundAction } from "../../../pddl/ground-action.ts";
import type { Problem } from "../../../pddl/problem.ts";
import type { State } from "../../../pddl/state.ts";
import type { Game } from "../games/game.ts";
import { wordingOf } from "../text/wording.ts";

/** What can be done in a state. */
export interface Listing {
  /** The texts of all actions, sorted by code unit, then the fixed ones that only ask for information. */
  readonly texts: readonly string[];
  /** The names of the actions that stand in the listing at least once: the verbs that are understood now. */
  readonly verbs: ReadonlySet<string>;
}

function isDistinct(objects: readonly string[]): boolean {
  return objects.every((object, place) => objects.indexOf(object) === place);
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
    if (!isDistinct(action.objects)) continue;
    verbs.add(action.schema.name);
    texts.push(actionText(action));
  }
  texts.sort();
  texts.push("check valid actions");
  if (game.tellsOnlyChanges) texts.push("look around");
  return { texts, verbs };
}
