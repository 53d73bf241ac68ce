import { describe, expect, test } from "vitest";
import { summarize } from "../evaluation/summary.ts";
import { someResult } from "../evaluation/testing/some-result.ts";
import { reportMarkdown } from "./render.ts";
import { type PlayedEvaluation, type Robustness, robustnessOf, robustnessParts } from "./robustness.ts";

const PERTURBATIONS = ["rename-verbs", "swap-arguments", "number-spacing", "reorder-actions"] as const;

/** An evaluation whose success and progress are these, in per cent. */
function evaluation(
  name: string,
  [success, progress]: readonly [number, number],
  { player = "tuned", rules = "rules", suite = "babyai" } = {},
): PlayedEvaluation {
  const perturbation = PERTURBATIONS.find((each) => each === name);
  const variant = { rules, problems: "", scoring: "", words: perturbation ?? null };
  const results = Array.from({ length: 1000 }, (_value, place) =>
    someResult({
      suite,
      variant,
      task: `task-${place}`,
      success: place < 10 * success,
      progress: progress / 100,
    }),
  );
  return { name, player, summary: summarize(results) };
}

const [P1, P2, P3, P4] = PERTURBATIONS;

/** The table of robustness in Markdown. */
function shown(rows: readonly Robustness[]): string {
  return reportMarkdown(robustnessParts(rows)).split("\n\n")[1] ?? "";
}

describe("robustness", () => {
  // The columns of Table 11, AgentRefine.
  const series = [
    evaluation(P2, [51.5, 63.1]),
    evaluation("own", [48.5, 61.5]),
    evaluation(P1, [56.7, 67.7]),
    evaluation(P3, [40.2, 65.1]),
    evaluation(P4, [45.5, 60.6]),
  ];

  test("has the average and the deviation over all words where App. K has none of the suite", () => {
    const [row, ...others] = robustnessOf(series);
    expect(others).toEqual([]);
    expect(row?.scores.map(({ name }) => name)).toEqual(["own", P2, P1, P3, P4]);
    expect(100 * (row?.spread.success?.mean ?? 0)).toBeCloseTo(48.48);
    expect(100 * (row?.spread.progress?.mean ?? 0)).toBeCloseTo(63.6);
    const table = shown(row === undefined ? [] : [row]);
    expect(table.trim().split("\n").slice(2)).toEqual([
      "| own: babyai success | 48.5 | 51.5 | 56.7 | 40.2 | 45.5 | 48.5 | 5.55 |",
      "| own: babyai progress | 61.5 | 63.1 | 67.7 | 65.1 | 60.6 | 63.6 | 2.56 |",
    ]);
  });

  test("counts App. K's own words alone where App. K has some of the suite", () => {
    const alfworld = { suite: "alfworld" };
    const [row] = robustnessOf([
      evaluation("own", [50, 50], alfworld),
      evaluation("rename-verbs", [40, 40], alfworld),
      evaluation("reorder-actions", [0, 0], alfworld),
    ]);
    expect(row?.scores).toHaveLength(3);
    expect(row?.spread.success).toEqual({ mean: 0.45, deviation: expect.closeTo(0.05) });
    const [said] = robustnessParts(row === undefined ? [] : [row]);
    expect(said).toMatchObject({ text: expect.stringContaining("without reorder-actions of alfworld") });
  });

  test("is of one agent under the same rules", () => {
    const own = evaluation("own", [50, 50]);
    expect(robustnessOf([own, evaluation(P1, [40, 40], { player: "other" })])).toEqual([]);
    expect(robustnessOf([own, evaluation(P1, [40, 40], { rules: "other" })])).toEqual([]);
    expect(robustnessOf(series.filter(({ name }) => name !== "own"))).toEqual([]);
  });

  test("takes the first of several evaluations in the same words", () => {
    const again = { ...evaluation("own", [10, 10]), name: "again" };
    const [row] = robustnessOf([evaluation("own", [50, 50]), again, evaluation(P1, [40, 40])]);
    expect(row?.scores.map(({ name }) => name)).toEqual(["own", P1]);
    expect(row?.spread.success).toEqual({ mean: 0.45, deviation: expect.closeTo(0.05) });
  });

  test("leaves blank what one agent was not asked in", () => {
    const rows = robustnessOf([
      ...series,
      evaluation("base", [20, 20], { player: "base" }),
      evaluation(P3, [10, 10], { player: "base" }),
    ]);
    const table = shown(rows);
    expect(table).toContain("| base: babyai success | 20.0 | – | – | 10.0 | – | 15.0 | 5.00 |");
    expect(robustnessParts([])).toEqual([]);
  });
});
