import type { MissionCheck } from "../mission/verifier.ts";
import type { View } from "../world/view.ts";
import type { World } from "../world/world.ts";

/** What an executed action led to. */
export interface Outcome {
  readonly observation: string;
  readonly view: View;
  readonly world: World;
  readonly check: MissionCheck;
  /** The grid world's own reward for the last primitive move. */
  readonly reward: number;
}

/** How much of a task is achieved, as a value that each executed action replaces by the next. */
export interface Progress {
  /** In [0, 1]. */
  readonly value: number;
  after(outcome: Outcome): Progress;
}

/** AgentBoard's progress without labels: the grid world's reward, which is kept from no action to the next. */
export function rewardProgress(value = 0): Progress {
  return { value, after: ({ reward }) => rewardProgress(reward) };
}
