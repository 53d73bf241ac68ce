/**
 * The mission as the agent is told it. AgentBoard replaces "then" and "after you" by "and", which hides the
 * order from the agent and turns it round for "after you"; the plain rules leave the mission as it is.
 */
export function agentboardGoal(mission: string): string {
  return mission.replaceAll("then", "and").replaceAll("after you", "and");
}
