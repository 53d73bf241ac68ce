import type { Effect } from "./effect.ts";
import type { Formula } from "./formula.ts";
import { type Query, queriesOf } from "./query.ts";
import type { TypedName } from "./typed-list.ts";

/** An action with variables. */
export interface ActionSchema {
  readonly name: string;
  readonly parameters: readonly TypedName[];
  readonly precondition: Formula;
  readonly effect: Effect;
  /** The precondition as joins; the first variables of each are the parameters. */
  readonly queries: readonly Query[];
}

/** Makes an action schema and works out how its precondition is joined. */
export function actionSchema(
  name: string,
  parameters: readonly TypedName[],
  precondition: Formula,
  effect: Effect,
): ActionSchema {
  return { name, parameters, precondition, effect, queries: queriesOf(parameters, precondition) };
}
