import type { Agent } from "./agent.ts";
import { planPlayer } from "./plan-player.ts";

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
