import { describe, expect, test } from "vitest";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { someResult } from "../evaluation/testing/some-result.ts";
import { compareResults, type NamedResults } from "./comparison.ts";
import { comparisonReport } from "./comparison-tables.ts";
import { printedTables } from "./paper-tables.ts";
import { reportMarkdown } from "./render.ts";

/** An evaluation by the progress in each attempt at each task of its suites. */
function evaluation(
  name: string,
  suites: Readonly<Record<string, readonly (readonly number[])[]>>,
): NamedResults {
  const results = Object.entries(suites).flatMap(([suite, tasks]) =>
    tasks.flatMap((attempts, task) =>
      attempts.map(
        (progress, attempt): EpisodeResult =>
          someResult({ suite, task: `task-${task}`, attempt, progress, success: progress === 1 }),
      ),
    ),
  );
  return { name, player: name, results };
}

/** The cells of the rows of that name. */
function cells(evaluations: readonly NamedResults[], name: string): readonly (readonly string[])[] {
  const lines = reportMarkdown(comparisonReport(compareResults(evaluations), { shape: "wide" })).split("\n");
  return lines
    .filter((line) => line.startsWith(`| ${name} |`))
    .map((line) => line.slice(2, -2).split(" | ").slice(1));
}

describe("a difference", () => {
  test("of nothing has no sign, whatever rounding leaves of it", () => {
    const base = evaluation("base", { babyai: [[0.1], [0.2], [0]] });
    const other = evaluation("other", { babyai: [[0], [0], [0.3]] });
    const comparison = compareResults([base, other]);
    const exact =
      comparison.evaluations[1]?.beyondFirst?.suites.get("babyai")?.scores.progress?.value ?? Number.NaN;
    expect(exact).toBeLessThan(0);
    expect(exact).toBeGreaterThan(-1e-15);
    const [, [success, progress] = []] = cells([base, other], "other");
    expect(success).toMatch(/^0\.0 \[-\d+\.\d, \+\d+\.\d\]$/);
    expect(progress).toMatch(/^0\.0 \[-\d+\.\d, \+\d+\.\d\]$/);
  });
});

describe("suites that are measured in different ways", () => {
  const scored = (
    suite: string,
    all: readonly Readonly<Record<string, number>>[],
  ): readonly EpisodeResult[] =>
    all.map((scores, task) => someResult({ suite, task: `task-${task}`, scores }));
  const name = "tuned";
  const tuned = {
    name,
    player: name,
    results: [
      ...scored("babyai", [{ success: 1, progress: 1 }]),
      ...scored("hotpotqa", [
        { em: 1, f1: 1 },
        { em: 0, f1: 0.5 },
      ]),
      ...scored("mt-bench", [
        { score: 8, "turn-1": 9, "turn-2": 7 },
        { score: 5, "turn-1": 6, "turn-2": 4 },
      ]),
    ],
  };

  test("have a table for each kind, shares in per cent and grades as they are, the paper's rows where they belong", () => {
    const paper = { tables: printedTables().rates, robustness: [], unlike: new Map(), notes: [] };
    const report = comparisonReport(compareResults([tuned]), { shape: "wide", paper });
    const tables = report.flatMap((part) => (part.kind === "table" ? [part] : []));
    expect(tables.map(({ head }) => head.slice(1)).slice(0, 3)).toEqual([
      ["babyai success", "babyai progress"],
      ["hotpotqa em", "hotpotqa f1"],
      ["mt-bench score", "mt-bench turn-1", "mt-bench turn-2"],
    ]);
    const [, hotpotqa, bench] = tables.map(({ rows }) => rows);
    expect(hotpotqa?.[0]).toEqual([
      name,
      expect.stringMatching(/^50\.0 \[/),
      expect.stringMatching(/^75\.0 \[/),
    ]);
    expect(hotpotqa?.at(-1)).toEqual(["paper: AgentRefine (LLaMA-3-8B; Figure 8)", "37.0", "44.6"]);
    expect(bench?.[0]?.[1]).toMatch(/^6\.50 \[1\.00, 10\.00\]$/);
    expect(bench?.[1]).toEqual(["paper: Agent-FLAN (LLaMA-3-8B; Figure 12)", "3.73", "–", "–"]);
    const shared = JSON.stringify(report);
    expect(shared).not.toContain("hotpotqa success");
  });

  test("have differences by the range of each measure", () => {
    const better = {
      ...tuned,
      name: "better",
      results: tuned.results.map((each) => ({ ...each, scores: { ...each.scores, score: 9 } })),
    };
    const { beyondFirst } = compareResults([tuned, better]).evaluations[1] ?? {};
    expect(beyondFirst?.suites.get("mt-bench")?.scores.score).toMatchObject({ value: 2.5 });
    expect(beyondFirst?.suites.get("hotpotqa")?.scores.em).toMatchObject({ value: 0, p: 1 });
  });
});

describe("several attempts at each task", () => {
  test("have a score over the suites, best and mean, with App. A's weights", () => {
    const sampled = evaluation("sampled", { babyai: [[1, 0]], pddl: [[0, 0.5]] });
    const [best] = cells([sampled], "sampled, best of 2");
    const [mean] = cells([sampled], "sampled, mean of 2");
    const ofBest = [112 / 172, (112 + 30) / 172].map((score) => (100 * score).toFixed(1));
    expect(best).toEqual(["100.0", "100.0", "0.0", "50.0", ...ofBest]);
    expect(mean?.slice(0, 4)).toEqual(["50.0 ± 50.0", "50.0 ± 50.0", "0.0 ± 0.0", "25.0 ± 25.0"]);
    const scores = [112 / 172, 30 / 172];
    const [middle, half] = [(scores[0]! + scores[1]!) / 2, (scores[0]! - scores[1]!) / 2];
    expect(mean?.slice(4)).toEqual([
      `${(5600 / 172).toFixed(1)} ± ${(5600 / 172).toFixed(1)}`,
      `${(100 * middle).toFixed(1)} ± ${(100 * half).toFixed(1)}`,
    ]);
  });

  test("have none where an evaluation lacks one of the suites", () => {
    const sampled = evaluation("sampled", { babyai: [[1, 0]] });
    const other = evaluation("other", { babyai: [[1]], pddl: [[1]] });
    expect(cells([sampled, other], "sampled, best of 2")).toEqual([["100.0", "100.0", "–", "–", "–", "–"]]);
  });

  test("have no mean where no attempt is at all tasks yet", () => {
    const sampled = evaluation("sampled", { babyai: [[1, 0], [1]] });
    expect(cells([sampled], "sampled, mean of 2")).toEqual([["100.0 ± 0.0", "100.0 ± 0.0"]]);
    const results = sampled.results.filter(({ task, attempt }) => task !== `task-${attempt}`);
    const [row] = cells([{ ...sampled, results }], "sampled, mean of 2");
    expect(row).toEqual(["–", "–"]);
  });
});
