import { describe, expect, test } from "vitest";
import { taskScores } from "../evaluation/metrics/scores.ts";
import { someResult } from "../evaluation/testing/some-result.ts";
import { taskGrid } from "./task-grid.ts";

const first = [
  someResult({ task: "2", group: "a", success: true, progress: 1 }),
  someResult({ task: "10", group: "a", progress: 0.5 }),
  someResult({ task: "1", group: "b", success: true, progress: 1 }),
  someResult({ task: "x", suite: "pddl", success: true, progress: 1 }),
];
const second = [
  someResult({ task: "2", group: "a", progress: 0.2 }),
  someResult({ task: "10", group: "a", success: true, progress: 1 }),
  someResult({ task: "3", group: "b", success: true, progress: 1 }),
];

describe("a grid of tasks", () => {
  test("has every task of the suite that any has played, in the order in which people count", () => {
    const { rows } = taskGrid("babyai", [first, second]);
    expect(rows.map(({ group, task }) => `${group}/${task}`)).toEqual(["a/2", "a/10", "b/1", "b/3"]);
    expect(rows.map(({ cells }) => cells.map((cell) => cell?.isSolved))).toEqual([
      [true, false],
      [false, true],
      [true, undefined],
      [undefined, true],
    ]);
  });

  test("tells which tasks are flipped, and which were won and lost against the first", () => {
    const { rows } = taskGrid("babyai", [first, second]);
    expect(rows.map(({ isFlipped, against }) => [isFlipped, against[1]])).toEqual([
      [true, "lost"],
      [true, "won"],
      [false, undefined],
      [false, undefined],
    ]);
  });

  test("has the means over attempts that rates are made of", () => {
    const attempts = [0, 1, 2].map((attempt) =>
      someResult({ task: "t", attempt, success: attempt > 0, progress: attempt / 2 }),
    );
    const [row] = taskGrid("babyai", [attempts]).rows;
    expect(row?.cells).toEqual([
      {
        scores: {
          success: taskScores(attempts, "success").get("t"),
          progress: taskScores(attempts, "progress").get("t"),
        },
        attempts: 3,
        isSolved: true,
      },
    ]);
  });

  test("goes by the middle of the range where tasks are graded", () => {
    const graded = (score: number) => [someResult({ suite: "mt-bench", task: "81", scores: { score } })];
    const [row] = taskGrid("mt-bench", [graded(5), graded(6), graded(9)]).rows;
    expect(row?.cells.map((cell) => cell?.isSolved)).toEqual([false, true, true]);
    expect(row?.against).toEqual([undefined, "won", "won"]);
  });
});
