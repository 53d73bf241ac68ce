import type { Random } from "../../random.ts";
import type { Draft } from "../draft.ts";
import type { Theme } from "../themes.ts";
import type { Task } from "../world.ts";

/** A furnished world and what is to be done in it. */
export interface DraftedTask {
  readonly draft: Draft;
  readonly task: Task;
}

/** A kind of goal: makes a task out of a theme's vocabulary. */
export type Family = (theme: Theme, random: Random) => DraftedTask;
