import { createActionMatcher } from "../script/action-matcher.ts";
import type { Script } from "../script/script.ts";
import { verifyScript } from "../script/verify-script.ts";
import { isErrorTurn, showsError, type Trajectory, type Turn } from "../trajectory/trajectory.ts";
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
  for (const value of [...reader.push(reply), ...reader.end()]) {
    const { turn } = turnFromWire(value, turns.length);
    if (turn === undefined) return undefined;
    turns.push(turn);
  }
  return reader.problem === undefined ? turns : undefined;
}

/** What Algorithm 1 asks of a trajectory beside actions that match. */
export interface VerifierRules {
  /** How many error turns it has at least (2). */
  readonly minimumErrors: number;
  /** What the dungeon master says when the task is finished. */
  readonly success: string;
}

/**
 * Which kind of unverified data a trajectory is; undefined when it is incomplete, which the paper removes: when its
 * last turn is not that of a dungeon master who says that the task is finished, and flags no error. What is `right`
 * passes the verifier, since the third kind is a subset of the verified data.
 */
export function unverifiedKind(
  { script, turns }: Trajectory,
  { minimumErrors, success }: VerifierRules,
): UnverifiedKind | undefined {
  const last = turns.at(-1);
  if (turns.length < 3 || last?.role !== "DM") return undefined;
  if (showsError(last) || !last.observation.includes(success)) return undefined;
  const matcher = createActionMatcher(script.actions);
  const isWrong = (turn: Turn, number: number): boolean =>
    turn.role === "Player" && !isErrorTurn(turns, number) && matcher.match(turn.action) === undefined;
  if (turns.some(isWrong)) return "unmatched-action";
  const errors = turns.filter((turn) => turn.role === "DM" && showsError(turn)).length;
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

/** Why a persona's first reply with a trajectory is not used. */
export type UnusableReason = "unparsed" | "incomplete";

/** What became of a run's personas in this ablation. */
export interface UnverifiedCounts {
  /** What was exported. */
  readonly kinds: Readonly<Record<UnverifiedKind, number>>;
  /** Personas of which nothing was exported; `none` have no trajectory at all, and stand there when they can be told. */
  readonly unusable: Readonly<Partial<Record<UnusableReason | "none", number>>>;
}

/**
 * The data that a run would have given without verification (paper Table 11): of each persona the first reply with a
 * trajectory, as far as it can be parsed and is complete. Replies that were stopped at their first fault are
 * incomplete, so a run for this ablation must not be streamed. Holds the scripts of personas in flight only.
 *
 * @param onUnusable told of each persona whose first trajectory is not used
 */
export async function* unverifiedTrajectories(
  replies: AsyncIterable<KeptReply> | Iterable<KeptReply>,
  rules: VerifierRules,
  onUnusable?: (reason: UnusableReason) => void,
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
    const kind = turns && unverifiedKind({ script, turns }, rules);
    if (turns === undefined) onUnusable?.("unparsed");
    else if (kind === undefined) onUnusable?.("incomplete");
    else yield { id: persona, trajectory: { script, turns }, kind };
  }
}
