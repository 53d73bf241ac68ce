import { describe, expect, test } from "vitest";
import { AgentRefineError } from "../../errors.ts";
import { hasLabels, labelText } from "../testing/recordings.ts";
import { worldContract } from "../testing/world-contract.ts";
import { createBabyaiSuite } from "./babyai-suite.ts";
import { parseLabels } from "./labels.ts";

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
  const labelled = hasLabels ? { labels: parseLabels(labelText()) } : {};
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

  test("refuses labels of other tasks", () => {
    const label = { subgoals: [["a"]], difficulty: "easy", level: "BabyAI-Open-v0" } as const;
    expect(() => createBabyaiSuite({ rules: "agentboard", labels: [label] })).toThrow(AgentRefineError);
    expect(() => createBabyaiSuite({ rules: "agentboard", labels: [] })).toThrow(/task 0 should be/);
  });
});
