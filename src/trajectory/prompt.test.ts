import { describe, expect, test } from "vitest";
import { requestHash } from "../model/reply.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import { readScriptRequest } from "../script/prompt.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { verifyReply, verifyTurns } from "../verifier/verification.ts";
import { readTrajectoryRequest, trajectoryRequest } from "./prompt.ts";
import { lighthouseTurns, lighthouseTurnsWithoutErrors } from "./testing/examples.ts";
import { showsError } from "./trajectory.ts";
import { PAPER_FORM, TURN_WIRES, turnsToText, WIRES } from "./turn-wires.ts";
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

  describe.each(
    WIRES.flatMap((wire) =>
      [false, true].map((briefDungeonMaster) => ({ form: { wire, briefDungeonMaster } })),
    ),
  )("in the form $form", ({ form }) => {
    const ask = (progress: Parameters<typeof trajectoryRequest>[2], errors?: "refined" | "none") =>
      trajectoryRequest(persona, lighthouse, progress, errors, form);

    test("gives back what it was made from", () => {
      const verified = lighthouseTurns.slice(0, 6);
      const parts = { persona: persona.text, script: lighthouse, errors: "refined", form };
      const more = { verified, problem: "No." };
      expect(readTrajectoryRequest(ask({ kind: "continue", ...more }))).toEqual({ ...parts, verified });
      expect(readTrajectoryRequest(ask({ kind: "begin" }, "none"))).toMatchObject({ errors: "none", form });
      expect(ask({ kind: "continue", ...more }).messages[2]?.content).toBe(turnsToText(verified, form.wire));
    });

    test.each(["refined", "none"] as const)("shows an example that is accepted, with %s errors", (errors) => {
      const [system] = ask({ kind: "begin" }, errors).messages;
      const game = system?.content.split("</script>\n")[1] ?? "";
      const verdict = verifyReply(createActionMatcher(lighthouse.actions), game, [], errors, form.wire);
      expect(verdict.fault).toBeUndefined();
      const thoughts = verdict.verified.filter(({ role }) => role === "DM").map(({ thought }) => thought);
      const areBrief = thoughts.every((thought) => !/[.:] [A-Z]/.test(thought));
      expect(areBrief).toBe(form.briefDungeonMaster);
    });

    test.skipIf(form.wire === "sparse")("has a schema with the keys that its example has", () => {
      const { schema } = ask({ kind: "begin" });
      const { write } = TURN_WIRES[form.wire];
      for (const number of [0, 1]) {
        const keys = Object.keys(write(lighthouseTurns[number]!, number, []));
        expect(JSON.stringify(schema?.schema)).toContain(JSON.stringify(keys));
      }
    });
  });

  test("has instructions that differ in every form, and end in their examples", () => {
    const texts = (["refined", "none"] as const).flatMap((errors) =>
      WIRES.flatMap((wire) =>
        [false, true].map((briefDungeonMaster) => {
          const form = { wire, briefDungeonMaster };
          return trajectoryRequest(persona, lighthouse, { kind: "begin" }, errors, form).messages[0]?.content;
        }),
      ),
    );
    expect(new Set(texts).size).toBe(4 * WIRES.length);
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
