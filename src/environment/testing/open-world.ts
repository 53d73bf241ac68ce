import type { Task } from "../suite.ts";
import { type Outside, unrecorded, type World } from "../world.ts";

/** An outside that keeps nothing and never ends. */
export const OUTSIDE: Outside = unrecorded(new AbortController().signal);

/** A new world of a task. */
export function openWorld(task: Task): Promise<World> {
  return task.open(OUTSIDE);
}
