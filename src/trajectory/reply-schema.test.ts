import { describe, expect, test } from "vitest";
import { createActionMatcher } from "../script/action-matcher.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { verifyReply } from "../verifier/verification.ts";
import { trajectoryReplySchema } from "./reply-schema.ts";
import { lighthouseTurns } from "./testing/examples.ts";
import { grammarAccepts } from "./testing/grammar-reader.ts";
import type { Turn } from "./trajectory.ts";
import { turnsToText } from "./turn-wires.ts";

const matcher = createActionMatcher(lighthouse.actions);

function withAction(turns: readonly Turn[], number: number, action: string): readonly Turn[] {
  return turns.map((turn, at) => (at === number && turn.role === "Player" ? { ...turn, action } : turn));
}

/** The number of a player's turn that no error is flagged behind. */
const RIGHT = lighthouseTurns.findIndex((turn, number) => {
  const next = lighthouseTurns[number + 1];
  return (
    turn.role === "Player" &&
    next?.role === "DM" &&
    !next.parameterError &&
    !next.placeError &&
    !next.logicError
  );
});

describe.each(["paper", "compact"] as const)("the grammar of replies in the form %s", (wire) => {
  const accepts = grammarAccepts(trajectoryReplySchema(lighthouse, [], "refined", wire).grammar ?? "");

  test("accepts the example, and an action of the model's own only where its error is flagged", () => {
    expect(accepts(turnsToText(lighthouseTurns, wire))).toBe(true);
    expect(accepts(turnsToText(withAction(lighthouseTurns, RIGHT, "fly away"), wire))).toBe(false);
    const flagged = withAction(lighthouseTurns, RIGHT, "fly away").map((turn, number) =>
      number === RIGHT + 1 && turn.role === "DM" ? { ...turn, parameterError: true } : turn,
    );
    expect(accepts(turnsToText(flagged, wire))).toBe(true);
    expect(verifyReply(matcher, turnsToText(flagged, wire), [], "refined", wire).fault).toBeUndefined();
  });

  test("continues behind what is kept", () => {
    for (const kept of [RIGHT, RIGHT + 1]) {
      const { grammar = "" } = trajectoryReplySchema(
        lighthouse,
        lighthouseTurns.slice(0, kept),
        "refined",
        wire,
      );
      const rest = lighthouseTurns.map((turn, number) => ({ turn, number })).slice(kept);
      const whole = turnsToText(lighthouseTurns, wire);
      const lines = whole.split("\n").filter((line) => line.startsWith("{"));
      const text = lines.slice(kept).join("\n");
      expect(rest.length).toBeGreaterThan(1);
      expect(grammarAccepts(grammar)(wire === "paper" ? `[\n${text}\n]` : text)).toBe(true);
      expect(grammarAccepts(grammar)(whole)).toBe(false);
    }
  });

  test("has a kept action that is no available one refused", () => {
    const kept = withAction(lighthouseTurns, RIGHT, "fly away").slice(0, RIGHT + 1);
    const { grammar = "" } = trajectoryReplySchema(lighthouse, kept, "refined", wire);
    expect(grammar.split("\n")[0]).toContain("refusing");
  });

  test("without errors flags none", () => {
    const { grammar = "" } = trajectoryReplySchema(lighthouse, [], "none", wire);
    expect(grammarAccepts(grammar)(turnsToText(lighthouseTurns, wire))).toBe(false);
  });
});

describe("the schema of replies", () => {
  test.each(["paper", "compact"] as const)(
    "gives rounds in the form %s, from which the turns are read",
    (wire) => {
      const { schema, name } = trajectoryReplySchema(lighthouse, [], "refined", wire);
      expect(JSON.stringify(schema)).toContain('"pattern":"^(');
      const lines = turnsToText(lighthouseTurns, wire)
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line.replace(/,$/, "")));
      const [first, ...others] = lines;
      const rounds = others.flatMap((turn, at) =>
        at % 2 === 0 ? [{ [at === 0 ? "player_error" : "player"]: turn, dm: others[at + 1] }] : [],
      );
      const reply = JSON.stringify({ [name]: [{ dm: first }, ...rounds] });
      const { fault, verified } = verifyReply(matcher, reply, [], "refined", wire);
      expect(fault).toBeUndefined();
      expect(verified).toEqual(lighthouseTurns);
    },
  );

  test("has alternatives that differ in their first key, as OpenAI demands", () => {
    const { schema } = trajectoryReplySchema(lighthouse, [], "refined", "paper");
    const alternatives = JSON.parse(JSON.stringify(schema)).properties.trajectory.items.anyOf;
    const first = alternatives.map(({ required }: { required: string[] }) => required[0]);
    expect(new Set(first).size).toBe(first.length);
  });
});
