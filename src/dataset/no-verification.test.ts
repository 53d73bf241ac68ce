import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createActionMatcher } from "../script/action-matcher.ts";
import { scriptToWire } from "../script/wire.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { turnsFromText, turnsToText } from "../trajectory/turn-wires.ts";
import { verifyReply } from "../verifier/verification.ts";
import { firstTrajectories, type KeptReply, unverifiedKind } from "./no-verification.ts";
import { bakeryScript, dungeonMaster, player } from "./testing/trajectories.ts";

const script = { ...bakeryScript, actions: bakeryScript.actions.slice(0, 1) };
const right = player("I take it.", "take flour from bin");
const wrong = player("I dance.", "dance");
const flagged = dungeonMaster("No.", { parameterError: true });
const success = dungeonMaster("Task Succeed", { finished: true, progressRate: 1 });
const start = dungeonMaster("A bakery.");

const kind = (...turns: readonly Turn[]) => unverifiedKind({ script, turns });

describe("unverifiedKind", () => {
  it("tells the three kinds of Table 11 apart", () => {
    expect(createActionMatcher(script.actions).match(right.action)).toBeDefined();
    expect(kind(start, right, success)).toBe("few-errors");
    expect(kind(start, wrong, flagged, right, success)).toBe("few-errors");
    expect(kind(start, wrong, flagged, wrong, flagged, right, success)).toBe("right");
    expect(kind(start, wrong, flagged, wrong, flagged, wrong, success)).toBe("unmatched-action");
  });

  it("has none for what is incomplete", () => {
    expect(kind()).toBeUndefined();
    expect(kind(start, right)).toBeUndefined();
    expect(kind(start, right, dungeonMaster("Go on."))).toBeUndefined();
    const failure = dungeonMaster("Task Succeed", { finished: true, logicError: true });
    expect(kind(start, wrong, flagged, wrong, flagged, right, failure)).toBeUndefined();
    expect(kind(success)).toBeUndefined();
  });

  it("calls right what passes the verifier, and nothing else", () => {
    const matcher = createActionMatcher(script.actions);
    const turn = fc.constantFrom(right, wrong);
    const answer = fc.constantFrom(
      start,
      flagged,
      success,
      dungeonMaster("Task Succeed", { logicError: true }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(turn, answer), { maxLength: 5 }), (pairs) => {
        const turns = [start, ...pairs.flat()];
        const { fault } = verifyReply(matcher, turnsToText(turns));
        expect(kind(...turns) === "right").toBe(fault === undefined);
      }),
    );
  });
});

describe("turnsFromText", () => {
  it("reads whole replies only", () => {
    const turns = [start, right, success];
    expect(turnsFromText(`Here it is:\n${turnsToText(turns)}`, "paper")).toEqual(turns);
    expect(turnsFromText(turnsToText(turns).slice(0, -5), "paper")).toBeUndefined();
    expect(turnsFromText(turnsToText([right, start]), "paper")).toBeUndefined();
    expect(turnsFromText("no turns", "paper")).toBeUndefined();
    const ended = turns.map((turn) =>
      turn.role === "DM" ? { ...turn, finished: turn.progressRate === 1 } : turn,
    );
    for (const wire of ["compact", "sparse"] as const) {
      expect(turnsFromText(turnsToText(ended, wire), wire)).toEqual(ended);
      expect(turnsFromText(turnsToText(ended), wire)).toBeUndefined();
    }
  });
});

describe("firstTrajectories", () => {
  it("takes the first trajectory of each persona and says why one cannot be used", async () => {
    const scriptText = JSON.stringify(scriptToWire(script));
    const reply = (index: number, purpose: KeptReply["purpose"], text: string): KeptReply => ({
      index,
      persona: `p${index}`,
      purpose,
      text,
    });
    const replies = [
      reply(0, "script", "not a script"),
      reply(1, "script", scriptText),
      reply(2, "script", scriptText),
      reply(3, "script", scriptText),
      reply(0, "script", scriptText),
      reply(2, "trajectory", turnsToText([start, wrong, success])),
      reply(1, "trajectory", "[{"),
      reply(3, "trajectory", turnsToText([start, right])),
      reply(1, "trajectory", turnsToText([start, right, success])),
      reply(0, "trajectory", turnsToText([start, right, success])),
      reply(2, "trajectory", turnsToText([start, right, success])),
    ];
    const found: unknown[] = [];
    const placed = replies.map((each, place) => ({ ...each, place }));
    for await (const { id, kind: is, script: from, trajectory } of firstTrajectories(placed, "paper")) {
      found.push([id, is, from, trajectory]);
    }
    expect(found).toEqual([
      ["p2", "unmatched-action", 2, 5],
      ["p1", "unparsed", 1, 6],
      ["p3", "incomplete", 3, 7],
      ["p0", "few-errors", 4, 9],
    ]);
  });
});
