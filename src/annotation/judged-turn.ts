import { AgentRefineError } from "../errors.ts";
import { formatReAct, type ReAct, thoughtWithoutLabel } from "../react.ts";
import type { Script } from "../script/script.ts";
import { recordsAt, storedTrajectory } from "../synthesis/read-run.ts";
import type { Trajectory, Turn } from "../trajectory/trajectory.ts";
import { type AcceptedRun, type DrawnTurn, labelOf } from "./draw.ts";

/** A turn of the history: what the player saw, or what it thought and did. */
export type HistoryTurn =
  | { readonly number: number; readonly observation: string }
  | ({ readonly number: number } & ReAct);

/**
 * What the annotators of section 8 are shown: the script, thoughts, actions and observations before the turn, and the
 * turn's own thought and action. The dungeon master's thoughts and flags, its progress, and what came of the turn are
 * no part of it.
 */
export interface JudgedTurn extends DrawnTurn {
  readonly script: Script;
  readonly history: readonly HistoryTurn[];
  readonly judged: ReAct;
}

function reactOf({ thought, action }: ReAct): ReAct {
  return { thought: thoughtWithoutLabel(thought).trim(), action: action.trim() };
}

function historyTurn(turn: Turn, number: number): HistoryTurn {
  return turn.role === "DM" ? { number, observation: turn.observation.trim() } : { number, ...reactOf(turn) };
}

/** What is shown of a turn; undefined when it is not one that the dungeon master judged. */
function judgedTurn(id: string, { script, turns }: Trajectory, turn: number): JudgedTurn | undefined {
  const own = turns[turn];
  if (own?.role !== "Player" || labelOf(turns, turn) === undefined) return undefined;
  return { id, turn, script, history: turns.slice(0, turn).map(historyTurn), judged: reactOf(own) };
}

/** A turn of the history in ReAct's form. */
export function historyText(turn: HistoryTurn): string {
  return "observation" in turn ? `Observation: ${turn.observation}` : formatReAct(turn);
}

/**
 * Reads a turn to be shown.
 *
 * @throws AgentRefineError when the run has no such turn
 */
export async function readJudgedTurn(
  { folder, accepted }: AcceptedRun,
  { id, turn }: DrawnTurn,
): Promise<JudgedTurn> {
  const places = accepted.filter((each) => each.id === id);
  for await (const record of places.length === 0 ? [] : recordsAt(folder.paths, places)) {
    const trajectory = storedTrajectory(record);
    const judged = trajectory && judgedTurn(id, trajectory, turn);
    if (judged !== undefined) return judged;
  }
  throw new AgentRefineError(`${folder.directory} has no turn ${turn} of ${id} to judge`, {
    fix: "Restore the run from a copy.",
  });
}
