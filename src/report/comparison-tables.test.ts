import { describe, expect, test } from "vitest";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { someResult } from "../evaluation/testing/some-result.ts";
import { compareResults, type NamedResults } from "./comparison.ts";
import { comparisonReport } from "./comparison-tables.ts";
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
