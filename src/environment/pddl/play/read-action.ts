import type { ActionSchema } from "../../../pddl/action-schema.ts";
import type { GroundAction } from "../../../pddl/ground-action.ts";
import type { Problem } from "../../../pddl/problem.ts";
import { tokenise } from "../text/tokenise.ts";

/**
 * Finds an action in free text as AgentBoard does: the verb is the first word that names an action which can be
 * done now with some objects, the objects are the words that name objects, in the order of the text; those
 * beyond the action's parameters are left out. All other words are passed over. Undefined when there is no verb
 * or too few objects. Whether the action is possible is not looked at.
 */
export function readAction(
  text: string,
  verbs: ReadonlySet<string>,
  schemas: ReadonlyMap<string, ActionSchema>,
  problem: Problem,
): GroundAction | undefined {
  const words = tokenise(text.toLowerCase());
  const verb = words.find((word) => verbs.has(word));
  const schema = verb === undefined ? undefined : schemas.get(verb);
  if (schema === undefined) return undefined;
  const objects = words.filter((word) => problem.universe.typesOf.has(word));
  const arity = schema.parameters.length;
  return objects.length < arity ? undefined : { schema, objects: objects.slice(0, arity) };
}
