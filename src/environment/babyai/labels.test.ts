import { describe, expect, test } from "vitest";
import { labelsIn } from "../labels.ts";
import { readLabels } from "./labels.ts";

const row = {
  id: 0,
  subgoals: ["a", "b"],
  difficulty: "hard",
  additional_info: { subtask: "BabyAI-Open-v0" },
};

describe("AgentBoard's label file", () => {
  test("is read line by line, alternatives beside each other", () => {
    const text = `${JSON.stringify(row)}\n\n${JSON.stringify({ ...row, subgoals_1: ["c", "d"] })}\n`;
    expect(labelsIn(readLabels({ path: "x", text }))).toEqual([
      { subgoals: [["a", "b"]], difficulty: "hard", level: "BabyAI-Open-v0" },
      {
        subgoals: [
          ["a", "b"],
          ["c", "d"],
        ],
        difficulty: "hard",
        level: "BabyAI-Open-v0",
      },
    ]);
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no difficulty", JSON.stringify({ ...row, difficulty: "medium" })],
    ["no subgoals", JSON.stringify({ ...row, subgoals: undefined })],
    ["empty subgoals", JSON.stringify({ ...row, subgoals: [] })],
    ["subgoals that are no texts", JSON.stringify({ ...row, subgoals: [1] })],
    ["alternatives of another length", JSON.stringify({ ...row, subgoals_1: ["c"] })],
    ["no level", JSON.stringify({ ...row, additional_info: null })],
  ])("a line with %s is named by its number, and the others hold", (_, line) => {
    const text = `${JSON.stringify(row)}\n\n${line}`;
    const [first, second] = readLabels({ path: "x", text });
    expect(first).toMatchObject({ label: { level: "BabyAI-Open-v0" }, problem: undefined });
    expect(second).toMatchObject({ label: undefined, problem: "x, line 3: not a label of BabyAI" });
  });
});
