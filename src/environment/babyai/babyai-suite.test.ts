import { describe, expect, test } from "vitest";
import { AgentRefineError } from "../../errors.ts";
import { OUTSIDE, openWorld } from "../testing/open-world.ts";
import { hasLabels, labelFile } from "../testing/recordings.ts";
import { worldContract } from "../testing/world-contract.ts";
import { createBabyaiSuite } from "./babyai-suite.ts";

const oddActions = [
  "check",
  "CHECK valid actions",
  "pick up red ball 1",
  "go to red ball 99",
  "toggle and go through",
  "drop",
  "toggle",
  "move forward.",
];
// Four suites, so ten thousand random actions in all.
const base = { oddActions, maximumActions: 30, randomActions: 2500 };
/** One seed of every level, or of every other one: four seeds each. */
const oneSeedALevel = (_: unknown, index: number): boolean => index % 4 === 0;
const evenLevels = (_: unknown, index: number): boolean => index % 8 === 0;
const oddLevels = (_: unknown, index: number): boolean => index % 8 === 4;

worldContract("BabyAI, AgentBoard's rules", {
  ...base,
  suite: createBabyaiSuite({ rules: "agentboard" }),
  solved: evenLevels,
  plans: "babyai",
});
worldContract("BabyAI, plain rules", {
  ...base,
  suite: createBabyaiSuite({ rules: "plain" }),
  solved: oneSeedALevel,
});
describe.skipIf(!hasLabels)("with AgentBoard's labels (needs ../shared/agentboard)", () => {
  const labelled = hasLabels ? { labels: labelFile() } : {};
  worldContract("BabyAI, AgentBoard's rules and labels", {
    ...base,
    suite: createBabyaiSuite({ rules: "agentboard", ...labelled }),
    solved: evenLevels,
  });
  worldContract("BabyAI, plain rules with labels", {
    ...base,
    suite: createBabyaiSuite({ rules: "plain", ...labelled }),
    solved: oddLevels,
  });

  test("the labels are AgentBoard's 86 easy and 26 hard tasks", () => {
    const { tasks } = createBabyaiSuite({ rules: "agentboard", ...labelled });
    expect(tasks.filter(({ difficulty }) => difficulty === "easy")).toHaveLength(86);
    expect(tasks.filter(({ difficulty }) => difficulty === "hard")).toHaveLength(26);
  });
});

describe("the suite", () => {
  test("has AgentBoard's 112 tasks in its order and names its variant", () => {
    const suite = createBabyaiSuite({ rules: "plain" });
    expect(suite.tasks).toHaveLength(112);
    expect(suite.tasks[0]?.id).toBe("BabyAI-GoToRedBallGrey-v0/1234");
    expect(suite.tasks[111]?.id).toBe("BabyAI-KeyCorridorS6R3-v0/1237");
    expect(suite.variant).toEqual({
      rules: "plain",
      problems: "AgentBoard's problems",
      scoring: "mission parts",
      words: null,
    });
  });

  describe("with labels", () => {
    const { tasks } = createBabyaiSuite({ rules: "agentboard" });
    const labels = (change: (line: string, place: number) => string) => {
      const lines = tasks.map(({ group }) =>
        JSON.stringify({ subgoals: ["a"], difficulty: "hard", additional_info: { subtask: group } }),
      );
      return { path: "the/labels", text: lines.map(change).join("\n") };
    };
    const labelled = (change: (line: string, place: number) => string) =>
      createBabyaiSuite({ rules: "agentboard", labels: labels(change) });

    test("of which a line is none, or of another level, that task alone cannot be played", async () => {
      const open = labelled((line, place) =>
        place === 1 ? "{" : place === 3 ? line.replace("GoTo", "On") : line,
      );
      expect(open.tasks).toHaveLength(112);
      const [first, second, , fourth, last] = [...open.tasks.slice(0, 4), open.tasks.at(-1)];
      await expect(second?.open(OUTSIDE)).rejects.toThrow("the/labels, line 2: not a label of BabyAI");
      await expect(fourth?.open(OUTSIDE)).rejects.toThrow(/^the\/labels, line 4: a label of BabyAI-OnRed/);
      for (const task of [first, last]) expect((await openWorld(task!)).actions).toBeDefined();
      expect([first, second].map((task) => task?.difficulty)).toEqual(["hard", undefined]);
    });

    test.each([
      ["other levels", (line: string) => line.replace(/BabyAI-\w+/, "BabyAI-Other"), "do not fit"],
      ["too few", (line: string, place: number) => (place === 5 ? "" : line), "has 111 labels for 112 tasks"],
      ["nothing", () => "{}", "the/labels: no line is a label of BabyAI"],
    ])("of %s are refused", (_, change, words) => {
      expect(() => labelled(change)).toThrow(AgentRefineError);
      expect(() => labelled(change)).toThrow(words);
    });
  });
});
