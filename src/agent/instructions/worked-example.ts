import type { Environment } from "../../environment/environment.ts";
import { formatReAct, type ReAct } from "../../react.ts";

/**
 * A worked example: the given turns, played in a real environment, so that what it shows is what the environment
 * says. It has the form of the conversation that follows it.
 */
export function workedExample(environment: Environment, turns: readonly ReAct[]): string {
  const { goal, observation } = environment.reset();
  const played = turns.flatMap((turn) => [
    formatReAct(turn),
    `Observation: ${environment.step(turn.action).observation.trim()}`,
  ]);
  return [`Goal: ${goal.trim()}`, `Observation: ${observation.trim()}`, ...played].join("\n");
}
