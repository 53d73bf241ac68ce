import type { Agent } from "./agent.ts";
import { planPlayer } from "./plan-player.ts";

/** Plays what the suite's own solver finds with full knowledge of the world: what could be reached. */
export const expertAgent: Agent = {
  name: "expert",
  begin: ({ task }) => {
    const plan = task.solve();
    return plan === undefined
      ? planPlayer([], "the solver found no solution")
      : planPlayer(plan, "the solver's plan has ended");
  },
};
