import type { Turn } from "../trajectory/trajectory.ts";
import type { Fault } from "./fault.ts";

/** What Algorithm 1 says of a trajectory. */
export interface Verdict {
  /** The first fault; undefined when the trajectory is accepted. */
  readonly fault: Fault | undefined;
  /** The verified turns that are kept: all of them when accepted, none after `too-few-errors`. */
  readonly verified: readonly Turn[];
  /** Every turn that could be read, also beyond what is kept; shown to the model when it starts over. */
  readonly read: readonly Turn[];
  /** How many of the dungeon master's turns that were looked at flag an error. */
  readonly errors: number;
}
