import type { InstructedAction } from "../../react.ts";

/** What players of a kind of task are told in advance; the goal and the first observation come from the task. */
export interface Guide {
  /** The world. */
  readonly environment: string;
  /** What the player can and cannot do. */
  readonly player: string;
  readonly actions: readonly InstructedAction[];
}
