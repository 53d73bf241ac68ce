import type { Player } from "./agent.ts";

/** A player that does given actions in their order, and then stops for the given reason. */
export function planPlayer(actions: readonly string[], reasonAtEnd: string): Player {
  let done = 0;
  return {
    messages: () => [],
    act: async () => {
      const action = actions[done];
      if (action === undefined) return { code: "stopped", reason: reasonAtEnd };
      done += 1;
      return { code: "action", action };
    },
  };
}
