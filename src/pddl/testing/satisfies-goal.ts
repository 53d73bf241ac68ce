import { holds } from "../holds.ts";
import type { Problem } from "../problem.ts";
import type { State } from "../state.ts";

/** Whether the problem's goal holds. */
export function satisfiesGoal({ goal, universe }: Problem, state: State): boolean {
  return holds(goal, state, universe);
}
