import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyTrajectory,
  bakeryScript,
  bakeryTrajectory,
  dungeonMaster,
  player,
} from "../../dataset/testing/trajectories.ts";
import { type ShownKind, showTrajectory } from "./show-trajectory.ts";

const persona =
  "A baker who has worked at night for thirty years and who knows every loaf in town by its smell.";

describe("showTrajectory", () => {
  it("shows each turn, its errors, its loss and what it refines", () => {
    const lines = showTrajectory({ persona, trajectory: bakeryTrajectory }, { width: 60 });
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "Persona
        A baker who has worked at night for thirty years and who
          knows every loaf in town by its smell.

      Goal
        Put flour into the trough.

      Completion conditions
        - The flour is in the trough.
        - The bin is closed.

      Environment
        A bakery before dawn. The oven is cold.
        Player: The baker can carry one thing.
        {
           hidden cellar: {
            silver key: {
             information: "opens the bin"
            }
           }
          }

      Available actions
        - take {object} from {place}: Pick up a thing.
            pattern take (?P<object>.+) from (?P<place>.+)
            object: flour, silver key
            place: bin, hidden cellar
        - say
            pattern say: .*
            say: <text>

      Turn 0, dungeon master: progress 0 %
        Thought: The master knows of the hidden cellar.
        Observation: You stand in the bakery. There is a bin.

      Turn 1, player; loss: yes
        Thought: I need flour.
        Action: open bin

      Turn 2, dungeon master: progress 20 %
        Thought: The master knows of the hidden cellar.
        Observation: The bin is locked; a note says: key below.

      Turn 3, player: ERROR (logic); loss: no
        Thought: I force it.
        Action: open bin

      Turn 4, dungeon master: progress 20 %
        Thought: The master knows of the hidden cellar.
        Observation: It is still locked.

      Turn 5, player: ERROR (parameter, place); loss: no
        Thought: I take the flour.
        Action: take flower from bin

      Turn 6, dungeon master: progress 20 %
        Thought: The master knows of the hidden cellar.
        Observation: There is no flower.

      Turn 7, player; loss: yes (refines turns 3 and 5)
        Thought: The note speaks of a key. I take it first.
        Action: take silver key from hidden cellar

      Turn 8, dungeon master: progress 50 %
        Thought: The master knows of the hidden cellar.
        Observation: You have the key.

      Turn 9, player; loss: yes
        Thought: Now the bin opens.
        Action: take flour from bin

      Turn 10, dungeon master: progress 100 %, finished
        Thought: The master knows of the hidden cellar.
        Observation: Task Succeed"
    `);
  });

  it("shows a rejected one: the verified turns, a turn that nothing judges, the fault", () => {
    const trajectory = { script: bakeryScript, turns: bakeryTrajectory.turns.slice(0, 4) };
    const lines = showTrajectory({ persona, trajectory, fault: "Turn 4 is not valid JSON." });
    expect(lines).toContain("Turn 3, player; loss: none (not judged)");
    expect(lines.at(-1)).toBe("Rejected: Turn 4 is not valid JSON.");
  });

  it("names the one turn or the whole run that a turn refines", () => {
    const played = (errors: readonly boolean[]) => [
      dungeonMaster("o"),
      ...errors.flatMap((placeError) => [player("t", "a"), dungeonMaster("o", { placeError })]),
    ];
    const refinements = (errors: readonly boolean[]) =>
      showTrajectory({ persona, trajectory: { script: bakeryScript, turns: played(errors) } })
        .map((line) => /\(refines (.*)\)/.exec(line)?.[1])
        .filter((found) => found !== undefined);
    expect(refinements([true, false, false])).toEqual(["turn 1"]);
    expect(refinements([false, true, true, false])).toEqual(["turns 3 and 5"]);
    expect(refinements([true, true, true, true, false, true, false])).toEqual(["turns 1 to 7", "turn 11"]);
  });

  it("styles whole lines after wrapping, so that colours do not count as width", () => {
    const kinds = new Set<ShownKind>();
    const style = (kind: ShownKind, text: string): string => {
      kinds.add(kind);
      return `<${kind}>${text}</>`;
    };
    const shown = { persona, trajectory: bakeryTrajectory, fault: "Broken." };
    const styled = showTrajectory(shown, { width: 40, style });
    expect(styled.map((line) => line.replace(/<[a-z]+>(.*)<\/>/, "$1"))).toEqual(
      showTrajectory(shown, { width: 40 }),
    );
    expect([...kinds].sort()).toEqual([
      "action",
      "error",
      "fault",
      "heading",
      "observation",
      "refinement",
      "thought",
    ]);
  });

  it("keeps to the width and prints no control character, whatever the model wrote", () => {
    fc.assert(
      fc.property(
        anyTrajectory,
        fc.string({ unit: "binary" }),
        fc.integer({ min: 30, max: 120 }),
        (trajectory, text, width) => {
          const lines = showTrajectory({ persona: text, trajectory, fault: text }, { width });
          expect(lines.filter((line) => Array.from(line).length > width || /\p{Cc}/u.test(line))).toEqual([]);
        },
      ),
    );
  });
});
