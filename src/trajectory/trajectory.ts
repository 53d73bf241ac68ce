import type { Script } from "../script/script.ts";

/** A turn of the dungeon master (App. M). Its flags judge the player's turn before it. */
export interface DungeonMasterTurn {
  readonly role: "DM";
  readonly thought: string;
  readonly observation: string;
  readonly parameterError: boolean;
  readonly placeError: boolean;
  readonly logicError: boolean;
  /** From 0 to 1; 1 means that the task is finished. */
  readonly progressRate: number;
  readonly finished: boolean;
}

/** A turn of the player (App. M). */
export interface PlayerTurn {
  readonly role: "Player";
  readonly thought: string;
  readonly action: string;
}

/** A turn. Its number is its place in the trajectory: the dungeon master's are even, the player's odd. */
export type Turn = DungeonMasterTurn | PlayerTurn;

/** A script and the turns that were played in it. */
export interface Trajectory {
  readonly script: Script;
  readonly turns: readonly Turn[];
}

/** Whether a dungeon master's turn flags the player's turn before it as an error. */
export function showsError(turn: DungeonMasterTurn): boolean {
  return turn.parameterError || turn.placeError || turn.logicError;
}

/** Whether the player's turn at `index` is an error turn: whether the next turn flags it. */
export function isErrorTurn(turns: readonly Turn[], index: number): boolean {
  const next = turns[index + 1];
  return turns[index]?.role === "Player" && next?.role === "DM" && showsError(next);
}

/**
 * What a trajectory is to have: errors with their refinements, or none at all, as the set "w/o refinement data"
 * that the paper compares with (Table 2).
 */
export type ErrorPolicy = "refined" | "none";
