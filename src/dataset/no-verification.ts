import { createActionMatcher } from "../script/action-matcher.ts";
import type { Script } from "../script/script.ts";
import { verifyScript } from "../script/verify-script.ts";
import { isErrorTurn, type Trajectory, type Turn } from "../trajectory/trajectory.ts";
import { TurnReader } from "../trajectory/turn-reader.ts";
import { turnFromWire } from "../trajectory/wire.ts";

/**
 * The three kinds of data that training without verification would use (paper Table 11), in the paper's order:
 * without enough refinement, with an action that matches nothing and that the dungeon master did not flag, and right.
 */
export const UNVERIFIED_KINDS = ["few-errors", "unmatched-action", "right"] as const;
/** One of the kinds of unverified data. */
export type UnverifiedKind = (typeof UNVERIFIED_KINDS)[number];

/** The turns of a reply that can be read from its first turn to its last, whatever they say; else undefined. */
export function parseTurns(reply: string): readonly Turn[] | undefined {
  const reader = new TurnReader();
  const turns: Turn[] = [];
  for (const value of reader.push(reply)) {
    const { turn } = turnFromWire(value, turns.length);
    if (turn === undefined) return undefined;
    turns.push(turn);
  }
  reader.end();
  return reader.problem === undefined ? turns : undefined;
}

/**
 * Which kind of unverified data a trajectory is; undefined when it is incomplete, which the paper removes: when the
 * dungeon master's last turn does not say that the task is finished.
 *
 * @param minimumErrors how many error turns an accepted trajectory has at least (Algorithm 1: 2)
 */
export function unverifiedKind(
  { script, turns }: Trajectory,
  minimumErrors: number,
): UnverifiedKind | undefined {
  const last = turns.at(-1);
  if (last?.role !== "DM" || !last.finished) return undefined;
  const matcher = createActionMatcher(script.actions);
  const isWrong = (turn: Turn, number: number): boolean =>
    turn.role === "Player" && !isErrorTurn(turns, number) && matcher.match(turn.action) === undefined;
  if (turns.some(isWrong)) return "unmatched-action";
  const errors = turns.filter((_turn, number) => isErrorTurn(turns, number)).length;
  return errors < minimumErrors ? "few-errors" : "right";
}

/** A reply as a run keeps it, in the order in which the replies came. */
export interface KeptReply {
  /** The persona's place in the run. */
  readonly index: number;
  /** The persona's id. */
  readonly persona: string;
  readonly purpose: "script" | "trajectory";
  readonly text: string;
}

/** A trajectory that nothing verified. */
export interface UnverifiedTrajectory {
  readonly id: string;
  readonly trajectory: Trajectory;
  readonly kind: UnverifiedKind;
}

/**
 * The data that a run would have given without verification (paper Table 11): of each persona the first reply with a
 * trajectory, as far as it can be parsed and is complete. Replies that were stopped at their first fault are
 * incomplete, so a run for this ablation must not be streamed. Holds the scripts of personas in flight only.
 */
export async function* unverifiedTrajectories(
  replies: AsyncIterable<KeptReply> | Iterable<KeptReply>,
  minimumErrors: number,
): AsyncGenerator<UnverifiedTrajectory> {
  const scripts = new Map<number, Script>();
  for await (const { index, persona, purpose, text } of replies) {
    if (purpose === "script") {
      const { script } = verifyScript(text);
      if (script !== undefined) scripts.set(index, script);
      continue;
    }
    const script = scripts.get(index);
    if (script === undefined) continue;
    scripts.delete(index);
    const turns = parseTurns(text);
    const kind = turns && unverifiedKind({ script, turns }, minimumErrors);
    if (turns !== undefined && kind !== undefined) {
      yield { id: persona, trajectory: { script, turns }, kind };
    }
  }
}
