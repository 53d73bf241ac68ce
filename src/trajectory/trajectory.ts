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

/** A maximal run of consecutive error turns: player turns `first`, `first + 2`, … `last`. */
export interface ErrorRun {
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

/** The lengths that Figure 13 tells apart. */
export const RUN_LENGTHS = ["1", "2", "3", ">3"] as const;
type RunLength = (typeof RUN_LENGTHS)[number];

/** How many runs there are of one length, and how many error turns are in them. */
interface RunCount {
  readonly runs: number;
  readonly turns: number;
}

/**
 * Continuous error turns over trajectories (App. N, Figure 13). A turn that is counted is a player turn that the
 * dungeon master judged, that is one with a turn after it; the dungeon master's own turns are not counted.
 */
export interface ErrorRunCounts {
  readonly trajectories: number;
  readonly playerTurns: number;
  readonly byLength: Readonly<Record<RunLength, RunCount>>;
}

const NONE: RunCount = { runs: 0, turns: 0 };

/** The counts of no trajectory, from which a fold begins. */
export const NO_ERROR_RUNS: ErrorRunCounts = {
  trajectories: 0,
  playerTurns: 0,
  byLength: { "1": NONE, "2": NONE, "3": NONE, ">3": NONE },
};

/** The runs of error turns in one trajectory, in order. */
export function errorRuns(turns: readonly Turn[]): readonly ErrorRun[] {
  const runs: ErrorRun[] = [];
  turns.forEach((_turn, number) => {
    if (!isErrorTurn(turns, number)) return;
    const run = runs.at(-1);
    if (run?.last === number - 2) runs[runs.length - 1] = { ...run, last: number, length: run.length + 1 };
    else runs.push({ first: number, last: number, length: 1 });
  });
  return runs;
}

function sum(a: RunCount, b: RunCount): RunCount {
  return { runs: a.runs + b.runs, turns: a.turns + b.turns };
}

export function mergeErrorRuns(a: ErrorRunCounts, b: ErrorRunCounts): ErrorRunCounts {
  return {
    trajectories: a.trajectories + b.trajectories,
    playerTurns: a.playerTurns + b.playerTurns,
    byLength: {
      "1": sum(a.byLength["1"], b.byLength["1"]),
      "2": sum(a.byLength["2"], b.byLength["2"]),
      "3": sum(a.byLength["3"], b.byLength["3"]),
      ">3": sum(a.byLength[">3"], b.byLength[">3"]),
    },
  };
}

/** The counts with one more trajectory, by whether each of its judged player turns is an error turn. */
export function addJudgedTurns(counts: ErrorRunCounts, areErrors: readonly boolean[]): ErrorRunCounts {
  const byLength = { ...NO_ERROR_RUNS.byLength };
  let length = 0;
  for (const isError of [...areErrors, false]) {
    if (isError) length += 1;
    else if (length > 0) {
      const key = RUN_LENGTHS[length - 1] ?? ">3";
      byLength[key] = sum(byLength[key], { runs: 1, turns: length });
      length = 0;
    }
  }
  return mergeErrorRuns(counts, { trajectories: 1, playerTurns: areErrors.length, byLength });
}

/** Whether each of the player's turns that the dungeon master has judged is an error turn, in order. */
export function judgedTurns(turns: readonly Turn[]): readonly boolean[] {
  return turns.flatMap((turn, number) => {
    const next = turns[number + 1];
    return turn.role === "Player" && next?.role === "DM" ? [showsError(next)] : [];
  });
}

export function addErrorRuns(counts: ErrorRunCounts, turns: readonly Turn[]): ErrorRunCounts {
  return addJudgedTurns(counts, judgedTurns(turns));
}

/**
 * The share of all player turns that are error turns in runs of this length, from 0 to 1; 0 when there is no turn.
 * For runs of one turn this is also the number of runs for each player turn, which the paper gives as about 16 %.
 */
export function shareOfTurns(counts: ErrorRunCounts, length: RunLength): number {
  return counts.playerTurns === 0 ? 0 : counts.byLength[length].turns / counts.playerTurns;
}

/** The share of all player turns that are error turns, from 0 to 1; 0 when there is no turn. */
export function shareOfErrorTurns(counts: ErrorRunCounts): number {
  return RUN_LENGTHS.reduce((share, length) => share + shareOfTurns(counts, length), 0);
}
