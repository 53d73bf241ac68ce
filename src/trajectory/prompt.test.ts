import { describe, expect, test } from "vitest";
import { requestHash } from "../model/reply.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import { readScriptRequest } from "../script/prompt.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { verifyTurns } from "../verifier/verification.ts";
import { readTrajectoryRequest, trajectoryRequest } from "./prompt.ts";
import { lighthouseTurns, lighthouseTurnsWithoutErrors } from "./testing/examples.ts";
import { showsError } from "./trajectory.ts";
import { PAPER_FORM } from "./turn-wires.ts";
import { turnToWire } from "./wire.ts";

const persona = { id: "0000000000000000", text: "A diver." };

describe("the request for a trajectory", () => {
  test("shows an example that Algorithm 1 accepts, with every kind of error", () => {
    const verdict = verifyTurns(createActionMatcher(lighthouse.actions), lighthouseTurns.map(turnToWire));
    expect(verdict.fault).toBeUndefined();
    const flagged = lighthouseTurns.filter((turn) => turn.role === "DM").filter(showsError);
    expect(flagged.some((turn) => turn.parameterError)).toBe(true);
    expect(flagged.some((turn) => turn.placeError)).toBe(true);
    expect(flagged.some((turn) => turn.logicError)).toBe(true);
  });

  test("has the bytes that the calls of runs before were hashed with", () => {
    const hash = (errors: "refined" | "none") =>
      requestHash(trajectoryRequest(persona, lighthouse, { kind: "begin" }, errors));
    expect(hash("refined")).toBe("c575d18ce698dc2f");
    expect(hash("none")).toBe("5191c778763f12a9");
  });

  test("begins with the same bytes when it continues and when it starts over", () => {
    const begin = trajectoryRequest(persona, lighthouse, { kind: "begin" }).messages;
    for (const progress of [
      { kind: "continue", verified: lighthouseTurns.slice(0, 5), problem: "No." },
      { kind: "start-over", turns: lighthouseTurns, problem: "No." },
    ] as const) {
      expect(trajectoryRequest(persona, lighthouse, progress).messages.slice(0, 2)).toEqual(begin);
    }
  });

  test("gives back what it was made from", () => {
    const read = (progress: Parameters<typeof trajectoryRequest>[2]) =>
      readTrajectoryRequest(trajectoryRequest(persona, lighthouse, progress));
    const parts = { persona: persona.text, script: lighthouse, errors: "refined", form: PAPER_FORM };
    expect(read({ kind: "begin" })).toEqual({ ...parts, verified: [] });
    expect(read({ kind: "begin", problem: "No." })).toEqual({ ...parts, verified: [] });
    const verified = lighthouseTurns.slice(0, 6);
    expect(read({ kind: "continue", verified, problem: "No." })).toEqual({ ...parts, verified });
    expect(read({ kind: "start-over", turns: verified, problem: "No." })).toEqual({ ...parts, verified: [] });
  });

  test("can ask for a game without errors, and shows one", () => {
    const request = trajectoryRequest(persona, lighthouse, { kind: "begin" }, "none");
    expect(readTrajectoryRequest(request)?.errors).toBe("none");
    const verdict = verifyTurns(
      createActionMatcher(lighthouse.actions),
      lighthouseTurnsWithoutErrors.map(turnToWire),
      "none",
    );
    expect(verdict.fault).toBeUndefined();
    expect(verdict.errors).toBe(0);
  });

  test("is told apart from a request for a script", () => {
    expect(readScriptRequest(trajectoryRequest(persona, lighthouse, { kind: "begin" }))).toBeUndefined();
  });
});
