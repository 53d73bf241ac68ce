import type { Task } from "../environment/suite.ts";
import { randomFor } from "../random.ts";
import type { Agent, Player } from "./agent.ts";

// Agents that talk to no model.

/** A player that does given actions in their order, and then stops for the given reason. */
function planPlayer(actions: readonly string[], reasonAtEnd: string): Player {
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

async function solverPlayer(task: Task): Promise<Player> {
  if (task.solve === undefined) return planPlayer([], "the suite has no solver");
  const plan = await task.solve();
  return plan === undefined
    ? planPlayer([], "the solver found no solution")
    : planPlayer(plan, "the solver's plan has ended");
}

/** Plays what the suite's own solver finds with full knowledge of the world: what could be reached. */
export const expertAgent: Agent = {
  name: "expert",
  begin: ({ task }) => {
    let player: Promise<Player> | undefined;
    return {
      messages: () => [],
      act: async (shown) => {
        player ??= solverPlayer(task);
        return (await player).act(shown);
      },
    };
  },
};

/** Does any of the valid actions, each as likely as the others: what can be reached without a thought. */
export const randomAgent: Agent = {
  name: "random",
  begin: ({ seed }) => {
    const random = randomFor(seed, "random agent");
    return {
      messages: () => [],
      act: async ({ actions }) => {
        const valid = await actions();
        return valid.length === 0
          ? { code: "stopped", reason: "the world lists no action" }
          : { code: "action", action: random.pick(valid) };
      },
    };
  },
};

/** The actions of one recorded attempt. */
export interface RecordedActions {
  readonly suite: string;
  /** The task's id. */
  readonly task: string;
  readonly attempt: number;
  readonly actions: readonly string[];
}

/** Names one attempt among all. */
function keyOf(suite: string, task: string, attempt: number): string {
  return JSON.stringify([suite, task, attempt]);
}

/** Does again what was recorded, task by task; where nothing was, it stops at once. */
export function replayAgent(recorded: readonly RecordedActions[]): Agent {
  const plans = new Map(
    recorded.map(({ suite, task, attempt, actions }) => [keyOf(suite, task, attempt), actions]),
  );
  return {
    name: "replay",
    begin: ({ suite, task, attempt }) => {
      const actions = plans.get(keyOf(suite, task.id, attempt));
      return actions === undefined
        ? planPlayer([], "nothing was recorded for this task")
        : planPlayer(actions, "the recording has ended");
    },
  };
}
