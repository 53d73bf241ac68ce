import { existsSync, readFileSync } from "node:fs";
import { SHARED } from "../../../testing/shared.ts";

/** The folder with AgentBoard's problems and labels, beside the project. */
export const AGENTBOARD = `${SHARED}/agentboard`;

/** Whether that folder is there. */
export const hasAgentboard: boolean =
  existsSync(`${AGENTBOARD}/pddl`) && existsSync(`${AGENTBOARD}/pddl.jsonl`);

/** The text of a file in that folder, or undefined. */
export function agentboardText(path: string): string | undefined {
  const full = `${AGENTBOARD}/${path}`;
  return existsSync(full) ? readFileSync(full, "utf8") : undefined;
}
