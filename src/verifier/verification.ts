import type { ActionMatcher } from "../script/action-matcher.ts";
import { type ErrorPolicy, showsError, type Turn } from "../trajectory/trajectory.ts";
import { TURN_WIRES, type Wire } from "../trajectory/turn-wires.ts";
import type { Fault, Verdict } from "./fault.ts";

/** What the dungeon master says when the task is finished (Algorithm 1, line 29). */
export const SUCCESS = "Task Succeed";

/** How many error turns an accepted trajectory has at least (Algorithm 1, line 33). */
export const MINIMUM_ERRORS = 2;

/**
 * Algorithm 1, turn by turn. A player's turn is verified once the dungeon master's next turn is known, since
 * its action is only checked when that turn shows no error; the last turn's own conditions are checked at the
 * end. Where section 3.1 and the algorithm differ, the algorithm stands.
 */
export class Verification {
  /** The first fault; turns after it are not looked at. */
  fault: Fault | undefined;
  readonly #matcher: ActionMatcher;
  readonly #turns: Turn[];
  readonly #policy: ErrorPolicy;
  readonly #wire: Wire;
  #errors: number;

  /**
   * Begins with turns that were verified before; their last one is looked at again with what follows it. With
   * the policy `none`, which is no part of Algorithm 1, the first error is a fault and none are asked for. `wire` is
   * the form in which the values of turns come.
   */
  constructor(
    matcher: ActionMatcher,
    verified: readonly Turn[] = [],
    policy: ErrorPolicy = "refined",
    wire: Wire = "paper",
  ) {
    this.#matcher = matcher;
    this.#policy = policy;
    this.#wire = wire;
    this.#turns = [...verified];
    this.#errors = verified.filter((turn) => turn.role === "DM" && showsError(turn)).length;
  }

  /** Takes the JSON value of the next turn. */
  add(value: unknown): Fault | undefined {
    if (this.fault !== undefined) return this.fault;
    const number = this.#turns.length;
    const { read, flagsError } = TURN_WIRES[this.#wire];
    const { turn, problem } = read(value, this.#turns);
    const isErrorShown = turn === undefined ? flagsError(value) : turn.role === "DM" && showsError(turn);
    this.fault = isErrorShown ? undefined : this.#checkPlayerBefore();
    if (turn !== undefined) {
      this.#turns.push(turn);
      if (turn.role === "DM" && showsError(turn)) this.#countError(number);
    } else if (this.fault === undefined) {
      this.fault = { code: "wrong-keys", turn: number, problem };
    }
    return this.fault;
  }

  /** Says that there are no more turns; `problem` is what keeps the rest from being JSON, if anything. */
  end(problem?: string): Verdict {
    this.fault ??= this.#checkEnd(problem);
    const { fault } = this;
    const kept = fault === undefined ? this.#turns.length : fault.code === "too-few-errors" ? 0 : fault.turn;
    return {
      fault,
      verified: this.#turns.slice(0, kept),
      read: [...this.#turns],
      errors: this.#errors,
    };
  }

  /** Counts an error that turn `number` flags; the player's turn before it is the one that erred. */
  #countError(number: number): void {
    this.#errors += 1;
    if (this.#policy === "none") this.fault ??= { code: "unwanted-error", turn: Math.max(0, number - 1) };
  }

  /** Lines 11 to 18: the player's turn at the end of what was read, when the turn after it shows no error. */
  #checkPlayerBefore(): Fault | undefined {
    const player = this.#turns.at(-1);
    if (player?.role !== "Player") return undefined;
    if (this.#matcher.match(player.action) !== undefined) return undefined;
    return { code: "unmatched-action", turn: this.#turns.length - 1, action: player.action };
  }

  /** Lines 23 to 36. */
  #checkEnd(problem: string | undefined): Fault | undefined {
    const last = this.#turns.at(-1);
    if (problem !== undefined || last?.role !== "DM") {
      const turn = this.#turns.length;
      const fault = this.#checkPlayerBefore();
      if (fault !== undefined) return fault;
      return problem === undefined ? { code: "unfinished", turn } : { code: "malformed-json", turn, problem };
    }
    const turn = this.#turns.length - 1;
    if (showsError(last)) return { code: "error-in-last-turn", turn };
    if (!last.observation.includes(SUCCESS)) return { code: "unfinished", turn };
    if (this.#policy === "none" || this.#errors >= MINIMUM_ERRORS) return undefined;
    return { code: "too-few-errors", turn, errors: this.#errors };
  }
}

/** Verifies turns that are already JSON values (App. M), from turn 0 on. */
export function verifyTurns(
  matcher: ActionMatcher,
  values: readonly unknown[],
  policy?: ErrorPolicy,
  wire?: Wire,
): Verdict {
  const verification = new Verification(matcher, [], policy, wire);
  for (const value of values) {
    if (verification.add(value) !== undefined) break;
  }
  return verification.end();
}

/** Verifies a model's reply that continues `verified`. */
export function verifyReply(
  matcher: ActionMatcher,
  reply: string,
  verified: readonly Turn[] = [],
  policy?: ErrorPolicy,
  wire: Wire = "paper",
): Verdict {
  const reader = TURN_WIRES[wire].reader();
  const verification = new Verification(matcher, verified, policy, wire);
  for (const value of [...reader.push(reply), ...reader.end()]) {
    if (verification.add(value) !== undefined) break;
  }
  return verification.end(reader.problem);
}

/**
 * Verifies a reply while it is written: feed the function with each piece of text, and it returns the first
 * fault as soon as the text so far has one. What only the end can show is left to {@link verifyReply}.
 */
export function watchReply(
  matcher: ActionMatcher,
  verified: readonly Turn[] = [],
  policy?: ErrorPolicy,
  wire: Wire = "paper",
): (text: string) => Fault | undefined {
  const reader = TURN_WIRES[wire].reader();
  const verification = new Verification(matcher, verified, policy, wire);
  return (text) => {
    for (const value of reader.push(text)) {
      if (verification.add(value) !== undefined) return verification.fault;
    }
    return reader.problem === undefined ? undefined : verification.end(reader.problem).fault;
  };
}
