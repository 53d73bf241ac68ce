import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstMessage, parseReAct } from "../react.ts";
import type { PlayerTurn } from "../trajectory/trajectory.ts";
import {
  anyTrajectory,
  bakeryScript,
  bakeryTrajectory,
  dungeonMaster,
  player,
} from "./testing/trajectories.ts";
import { instructionOf, trainingExample } from "./training-example.ts";

const { turns } = bakeryTrajectory;

describe("trainingExample", () => {
  it("makes user messages of observations and assistant messages of thoughts and actions", () => {
    const example = trainingExample("p1", bakeryTrajectory);
    expect(example?.id).toBe("p1");
    expect(example?.messages.slice(1)).toEqual([
      { role: "assistant", content: "Thought: I need flour.\nAction: open bin", loss: true },
      { role: "user", content: "The bin is locked; a note says: key below.", loss: null },
      { role: "assistant", content: "Thought: I force it.\nAction: open bin", loss: false },
      { role: "user", content: "It is still locked.", loss: null },
      { role: "assistant", content: "Thought: I take the flour.\nAction: take flower from bin", loss: false },
      { role: "user", content: "There is no flower.", loss: null },
      {
        role: "assistant",
        content:
          "Thought: The note speaks of a key. I take it first.\nAction: take silver key from hidden cellar",
        loss: true,
      },
      { role: "user", content: "You have the key.", loss: null },
      { role: "assistant", content: "Thought: Now the bin opens.\nAction: take flour from bin", loss: true },
    ]);
  });

  it("begins with the instruction and the first observation in one message", () => {
    const first = trainingExample("p1", bakeryTrajectory)?.messages[0];
    expect(first).toEqual({
      role: "user",
      content: firstMessage(instructionOf(bakeryScript), "You stand in the bakery. There is a bin."),
      loss: null,
    });
    for (const shown of [bakeryScript.initialState, bakeryScript.player, bakeryScript.goal, "say: <text>"]) {
      expect(first?.content).toContain(shown);
    }
  });

  it("tells the player nothing that only the dungeon master knows", () => {
    const example = trainingExample("p1", { script: bakeryScript, turns: turns.slice(0, 3) });
    const all = JSON.stringify(example);
    for (const secret of ["hidden cellar", "silver key", "(?P<", "The bin is closed", "locked flour bin"]) {
      expect(all).not.toContain(secret);
    }
  });

  it("leaves out a player turn that nothing judges", () => {
    const judged = trainingExample("p1", { script: bakeryScript, turns: turns.slice(0, 3) });
    expect(trainingExample("p1", { script: bakeryScript, turns: turns.slice(0, 4) })).toEqual(judged);
    expect(judged?.messages).toHaveLength(2);
  });

  it("gives nothing when no player turn was judged", () => {
    for (const length of [0, 1, 2]) {
      expect(trainingExample("p1", { script: bakeryScript, turns: turns.slice(0, length) })).toBeUndefined();
    }
  });

  it("takes a label away from a thought but not from an action, which was judged with it", () => {
    const example = trainingExample("p1", {
      script: bakeryScript,
      turns: [
        dungeonMaster("a"),
        player("Thought: b", "Action: c"),
        dungeonMaster("d", { parameterError: true }),
      ],
    });
    expect(example?.messages[1]?.content).toBe("Thought: b\nAction: Action: c");
  });

  it("keeps its laws for any trajectory", () => {
    fc.assert(
      fc.property(anyTrajectory, (trajectory) => {
        const messages = trainingExample("p1", trajectory)?.messages ?? [];
        const judgedTurns = Math.floor(Math.max(trajectory.turns.length - 1, 0) / 2);
        expect(messages).toHaveLength(judgedTurns * 2);
        for (const [place, message] of messages.entries()) {
          expect(message.role).toBe(place % 2 === 0 ? "user" : "assistant");
          expect(message.content).toBe(message.content.trim());
          if (message.role === "user") {
            expect(message.loss).toBeNull();
            continue;
          }
          const judge = trajectory.turns[place + 1];
          if (judge?.role !== "DM") throw new Error("a message that no turn judges");
          expect(message.loss).toBe(!(judge.parameterError || judge.placeError || judge.logicError));
          expect(parseReAct(message.content)).toMatchObject({
            action: (trajectory.turns[place] as PlayerTurn).action.trim(),
          });
        }
      }),
    );
  });
});
