import { randomFor } from "../random.ts";
import type { Agent } from "./agent.ts";

/** Does any of the valid actions, each as likely as the others: what can be reached without a thought. */
export const randomAgent: Agent = {
  name: "random",
  begin: ({ seed }) => {
    const random = randomFor(seed, "random agent");
    return {
      messages: () => [],
      act: async ({ validActions }) =>
        validActions.length === 0
          ? { code: "stopped", reason: "there is no valid action" }
          : { code: "action", action: random.pick(validActions) },
    };
  },
};
