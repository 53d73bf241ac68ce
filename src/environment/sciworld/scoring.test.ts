import { expect, test } from "vitest";
import { readLabels } from "./scoring.ts";
import { AGENTBOARD_PROBLEMS, problemId, trainProblems } from "./tasks.ts";

function line(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    task: "scienceworld",
    id: 0,
    goal: "Boil the kettle.",
    subgoals: ["You move to the (shed|barn)."],
    difficulty: "easy",
    additional_info: { var: 5, env_name: "boil" },
    ...changes,
  });
}

test("a label is read", () => {
  const [read] = readLabels({ path: "test.jsonl", text: `${line()}\n\n` });
  const label = read?.label;
  expect(label).toMatchObject({ kind: "boil", variation: 5, goal: "Boil the kettle.", difficulty: "easy" });
  expect(read?.problem).toBeUndefined();
  expect(label?.subgoals[0]?.occursIn("Done. You move to the barn.")).toBe(true);
});

test.each([
  [
    { subgoals: ["fine", "(never closed"] },
    /^test\.jsonl, line 2: the pattern \(never closed cannot be read/,
  ],
  [{ subgoals: ["a(?=b)"] }, /^test\.jsonl, line 2: the pattern/],
  [{ additional_info: { var: 30, env_name: "boil" } }, /^test\.jsonl, line 2: boil has no variation 30/],
  [{ additional_info: { var: 0.5, env_name: "boil" } }, /^test\.jsonl, line 2: boil has no variation 0.5/],
  [
    { additional_info: { var: 1, env_name: "fly" } },
    /^test\.jsonl, line 2: no kind of task .* is called fly$/,
  ],
])("a label that cannot be played says where it is: %j", (changes, words) => {
  const labels = readLabels({ path: "test.jsonl", text: `${line()}\n${line(changes)}\n` });
  expect(labels[0]?.problem).toBeUndefined();
  expect(labels[1]?.problem).toMatch(words);
});

test.each(["{", "{}", line({ subgoals: [] }), line({ difficulty: "medium" })])("%j is no label", (text) => {
  const [, second] = readLabels({ path: "test.jsonl", text: `${line()}\n${text}` });
  expect(second?.problem).toBe("test.jsonl, line 2: not a label of ScienceWorld");
  expect(() => readLabels({ path: "test.jsonl", text })).toThrow("no line is a label of ScienceWorld");
});

test("AgentBoard's problems are 90, and none of them is trained on", () => {
  const scored = new Set(AGENTBOARD_PROBLEMS.map(problemId));
  expect(scored.size).toBe(90);
  const train = trainProblems(0).map(problemId);
  expect(train.filter((id) => scored.has(id))).toEqual([]);
  expect(new Set(train).size).toBe(train.length);
  expect(new Set(train.map((id) => id.split("/")[0])).size).toBe(16);
  expect(trainProblems(1).map(problemId)).not.toEqual(train);
  expect(trainProblems(1).map(problemId).sort()).toEqual([...train].sort());
});
