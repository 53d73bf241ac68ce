import { createActionMatcher } from "../script/action-matcher.ts";
import type { Script } from "../script/script.ts";
import { verifyScript } from "../script/verify-script.ts";
import { isErrorTurn, showsError, type Trajectory, type Turn } from "../trajectory/trajectory.ts";
import { turnsFromText, type Wire } from "../trajectory/turn-wires.ts";
import { MINIMUM_ERRORS, SUCCESS } from "../verifier/verification.ts";

/**
 * The three kinds of data that training without verification would use (paper Table 11), in the paper's order:
 * without enough refinement, with an action that matches nothing and that the dungeon master did not flag, and right.
 */
export type UnverifiedKind = "few-errors" | "unmatched-action" | "right";

/**
 * Which kind of unverified data a trajectory is; undefined when it is incomplete, which the paper removes: when its
 * last turn is not that of a dungeon master who says that the task is finished, and flags no error. What is `right`
 * passes the verifier, since the third kind is a subset of the verified data.
 */
export function unverifiedKind({ script, turns }: Trajectory): UnverifiedKind | undefined {
  const last = turns.at(-1);
  if (turns.length < 3 || last?.role !== "DM") return undefined;
  if (showsError(last) || !last.observation.includes(SUCCESS)) return undefined;
  const matcher = createActionMatcher(script.actions);
  const isWrong = (turn: Turn, number: number): boolean =>
    turn.role === "Player" && !isErrorTurn(turns, number) && matcher.match(turn.action) === undefined;
  if (turns.some(isWrong)) return "unmatched-action";
  const errors = turns.filter((turn) => turn.role === "DM" && showsError(turn)).length;
  return errors < MINIMUM_ERRORS ? "few-errors" : "right";
}

/** Why a persona's first reply with a trajectory is not used. */
type UnusableReason = "unparsed" | "incomplete";

/** What became of a run's personas in this ablation. */
export interface UnverifiedCounts {
  readonly kinds: Readonly<Record<UnverifiedKind, number>>;
  /**
   * Personas of which nothing was exported; `none` have no trajectory at all, and stand there when they can be told.
   */
  readonly unusable: Readonly<Partial<Record<UnusableReason | "none", number>>>;
}

/** A reply as a run keeps it. */
export interface KeptReply {
  readonly index: number;
  readonly persona: string;
  readonly purpose: "script" | "trajectory";
  readonly text: string;
}

/** The replies of a persona of which its first trajectory is made. */
export interface FirstTrajectory<Place> {
  readonly index: number;
  readonly id: string;
  /** Why it is not used, else its kind. */
  readonly kind: UnverifiedKind | UnusableReason;
  readonly script: Place;
  readonly trajectory: Place;
}

/** The script and the turns of two replies; undefined when one of them cannot be read. */
export function readUnverified(
  scriptReply: string,
  trajectoryReply: string,
  wire: Wire,
): Trajectory | undefined {
  const { script } = verifyScript(scriptReply);
  const turns = turnsFromText(trajectoryReply, wire);
  return script === undefined || turns === undefined ? undefined : { script, turns };
}

/**
 * The first trajectory that each persona of a run was given (paper Table 11), from its replies in the order in which
 * they came: as far as it can be parsed and is complete it is what the run would have given without verification.
 * Replies that were stopped at their first fault are incomplete, so a run for this ablation must not be streamed.
 * Holds the scripts of personas in flight only.
 */
export async function* firstTrajectories<Place>(
  replies:
    | AsyncIterable<KeptReply & { readonly place: Place }>
    | Iterable<KeptReply & { readonly place: Place }>,
  wire: Wire,
): AsyncGenerator<FirstTrajectory<Place>> {
  const scripts = new Map<number, { readonly script: Script; readonly place: Place }>();
  for await (const { index, persona: id, purpose, text, place } of replies) {
    if (purpose === "script") {
      const { script } = verifyScript(text);
      if (script !== undefined) scripts.set(index, { script, place });
      continue;
    }
    const before = scripts.get(index);
    if (before === undefined) continue;
    scripts.delete(index);
    const turns = turnsFromText(text, wire);
    const kind =
      turns === undefined ? "unparsed" : (unverifiedKind({ script: before.script, turns }) ?? "incomplete");
    yield { index, id, kind, script: before.place, trajectory: place };
  }
}
