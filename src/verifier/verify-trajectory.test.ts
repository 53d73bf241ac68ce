import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createActionMatcher } from "../script/action-matcher.ts";
import { arbitraryPieces } from "../script/testing/arbitrary-text.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { turnsToText } from "../trajectory/turn-wires.ts";
import { turnToWire } from "../trajectory/wire.ts";
import type { Fault } from "./fault.ts";
import { arbitraryReply, arbitraryWireTurns, wireTurns } from "./testing/mutations.ts";
import { verifyReply, verifyTurns, watchReply } from "./verification.ts";

const matcher = createActionMatcher(lighthouse.actions);
const text = turnsToText(lighthouseTurns);
const runs = { numRuns: 200 };

/** The faults that only the end of a trajectory can show. */
const AT_THE_END: ReadonlySet<string> = new Set(["error-in-last-turn", "unfinished", "too-few-errors"]);

function watchPieces(pieces: readonly string[], verified: readonly Turn[] = []): Fault | undefined {
  const watch = watchReply(matcher, verified);
  for (const piece of pieces) {
    const fault = watch(piece);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Without the words of the JSON parser, which differ with where a text is cut. */
function placeOf(fault: Fault | undefined) {
  return fault && { code: fault.code, turn: fault.turn };
}

describe("verifying whole trajectories", () => {
  test("reaches every verdict with the changed examples that the laws below draw", () => {
    const replies = fc.sample(arbitraryReply, { numRuns: 1500, seed: 7 });
    const codes = new Set(replies.map((reply) => verifyReply(matcher, reply).fault?.code));
    expect([...codes].sort()).toEqual(
      [
        "error-in-last-turn",
        "malformed-json",
        "too-few-errors",
        "unfinished",
        "unmatched-action",
        "wrong-keys",
        undefined,
      ].sort(),
    );
  });

  test("keeps a prefix of what was read, up to the fault", () => {
    fc.assert(
      fc.property(arbitraryReply, (reply) => {
        const { fault, verified, read } = verifyReply(matcher, reply);
        expect(verified).toEqual(read.slice(0, verified.length));
        if (fault === undefined) expect(verified).toEqual(read);
        else expect(verified).toHaveLength(fault.code === "too-few-errors" ? 0 : fault.turn);
      }),
      runs,
    );
  });

  test("says the same of turns and of their text", () => {
    fc.assert(
      fc.property(arbitraryWireTurns, (turns) => {
        expect(verifyReply(matcher, JSON.stringify(turns))).toEqual(verifyTurns(matcher, turns));
      }),
      runs,
    );
  });

  test("finds nothing wrong in what it kept but that it ends there", () => {
    fc.assert(
      fc.property(arbitraryReply, (reply) => {
        const { fault, verified } = verifyReply(matcher, reply);
        const again = verifyTurns(matcher, verified.map(turnToWire));
        expect(again.read).toEqual(verified);
        // A flagged error excuses the action before it, which is kept and needs its answer again.
        const isAnswerLost = fault?.code === "error-in-last-turn" || fault?.code === "wrong-keys";
        const lostItsAnswer = isAnswerLost && again.fault?.code === "unmatched-action";
        if (lostItsAnswer) expect(again.fault?.turn).toBe(verified.length - 1);
        else expect(again.fault === undefined || AT_THE_END.has(again.fault.code)).toBe(true);
      }),
      runs,
    );
  });
});

describe("verifying a continuation", () => {
  test("of an accepted trajectory equals verifying the whole, wherever it is cut", () => {
    const whole = verifyReply(matcher, text);
    expect(whole).toMatchObject({ fault: undefined, errors: 3 });
    for (let cut = 0; cut < wireTurns.length; cut += 1) {
      const verified = lighthouseTurns.slice(0, cut);
      const rest = JSON.stringify(wireTurns.slice(cut));
      expect(verifyReply(matcher, rest, verified), `cut before turn ${cut}`).toEqual(whole);
      expect(watchPieces([...rest], verified)).toBeUndefined();
    }
  });

  test("of a faulty trajectory finds the same fault as in the whole", () => {
    fc.assert(
      fc.property(arbitraryWireTurns, fc.nat(), (turns, place) => {
        const whole = verifyTurns(matcher, turns);
        const cut = place % (whole.verified.length + 1);
        const rest = JSON.stringify(turns.slice(cut));
        expect(verifyReply(matcher, rest, whole.verified.slice(0, cut))).toEqual(whole);
      }),
      runs,
    );
  });

  test("must not repeat the turns that were kept", () => {
    expect(verifyReply(matcher, text, lighthouseTurns.slice(0, 3)).fault).toMatchObject({
      code: "wrong-keys",
      turn: 3,
    });
  });

  test("leaves the kept turns as they are", () => {
    const verified = Object.freeze(lighthouseTurns.slice(0, 4));
    const { read } = verifyReply(matcher, JSON.stringify(wireTurns.slice(4)), verified);
    expect(read).toHaveLength(lighthouseTurns.length);
    expect(verified).toHaveLength(4);
  });
});

describe("watching a reply", () => {
  test("finds the fault that the whole reply has, whatever the pieces, but for what only the end shows", () => {
    fc.assert(
      fc.property(
        arbitraryReply.chain((reply) => fc.tuple(fc.constant(reply), arbitraryPieces(reply))),
        ([reply, pieces]) => {
          const whole = verifyReply(matcher, reply).fault;
          const seen = watchPieces(pieces);
          if (seen !== undefined) expect(placeOf(seen)).toEqual(placeOf(whole));
          else if (whole !== undefined) expect(watchMisses(whole, reply)).toBe(true);
        },
      ),
      runs,
    );
  });

  /** Whether a fault depends on the reply's ending where it does: more text could still have put it right. */
  function watchMisses(fault: Fault, reply: string): boolean {
    if (AT_THE_END.has(fault.code)) return true;
    // What begins with words may be reasoning till its end.
    if (!/^\s*(?:```\w*\s*)?(?:\{\s*["}]|\[\s*[{\]])/.test(reply)) return true;
    if (fault.code === "malformed-json") return /^there is no JSON array|^the reply ends/.test(fault.problem);
    const { read } = verifyReply(matcher, reply);
    return fault.code === "unmatched-action" && fault.turn === read.length - 1;
  }

  test("finds no fault in a reply that is accepted", () => {
    fc.assert(
      fc.property(arbitraryPieces(text), (pieces) => {
        expect(watchPieces(pieces)).toBeUndefined();
      }),
      runs,
    );
  });

  test("finds a fault with the piece that shows it and keeps to it", () => {
    const bad = wireTurns.map((turn) =>
      turn.turn === 3 ? { ...turn, parameter_error: false, Action: "fly" } : turn,
    );
    const watch = watchReply(matcher);
    const turns = bad.map((turn) => JSON.stringify(turn));
    expect(watch(`[${turns.slice(0, 3).join(",")},`)).toBeUndefined();
    const fault = watch(turns[3]!);
    expect(fault).toMatchObject({ code: "wrong-keys", turn: 3 });
    expect(watch(`,${turns[4]}`)).toEqual(fault);
  });

  test("checks a player's action only when the dungeon master's answer is known", () => {
    const watch = watchReply(matcher);
    const [opening, player, answer] = wireTurns;
    expect(
      watch(`[${JSON.stringify(opening)},${JSON.stringify({ ...player, Action: "fly" })},`),
    ).toBeUndefined();
    const line = JSON.stringify(answer);
    expect(watch(line.slice(0, -1))).toBeUndefined();
    expect(watch("}")).toEqual({ code: "unmatched-action", turn: 1, action: "fly" });
  });
});
