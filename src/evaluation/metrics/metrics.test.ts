import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../model/total-usage.ts";
import type { Episode, EpisodeTurn } from "../episode.ts";
import type { EpisodeResult } from "../episode-result.ts";
import { resultOf } from "../episode-result.ts";
import { summarize } from "../summary.ts";
import { someResult } from "../testing/some-result.ts";
import { behaviourOf } from "./behaviour.ts";
import { bestOfN, spreadOverAttempts } from "./best-of-n.ts";
import { estimate } from "./bootstrap.ts";
import { differencesOf } from "./difference.ts";
import { heldOutScore, heldOutWeights } from "./held-out.ts";
import { mean, standardDeviation } from "./mean.ts";
import { taskScores } from "./task-scores.ts";

/** Results of tasks by their attempts: `[[0.5, 1], [0]]` is two attempts at one task and one at another. */
function attempts(progress: readonly (readonly number[])[], suite = "babyai"): readonly EpisodeResult[] {
  return progress.flatMap((values, task) =>
    values.map((value, attempt) =>
      someResult({ suite, task: `task-${task}`, attempt, progress: value, success: value === 1 }),
    ),
  );
}

const rates = fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { minLength: 1, maxLength: 12 });

describe("several attempts at a task", () => {
  const results = attempts([
    [0.5, 1, 0],
    [0.25, 0, 0.5],
  ]);

  test("are one cluster with their mean", () => {
    expect([...taskScores(results, "progress").values()]).toEqual([0.5, 0.25]);
  });

  const suite = [{ weight: 1, results }];

  test("count with the best of them: any success, the highest progress (section 4.4)", () => {
    expect(bestOfN(suite, "success")).toBe(0.5);
    expect(bestOfN(suite, "progress")).toBe(0.75);
  });

  test("give one score each, with mean and deviation (App. H)", () => {
    expect(spreadOverAttempts(suite, "progress").mean).toBeCloseTo(0.375);
    expect(spreadOverAttempts(suite, "success")).toEqual({
      mean: expect.closeTo(1 / 6),
      deviation: expect.closeTo(Math.SQRT2 / 6),
    });
  });

  test("give no score where an attempt at a task is still to come", () => {
    const half = [{ weight: 1, results: attempts([[0.5, 0, 1], [0.5, 1], [0]]) }];
    expect(spreadOverAttempts(half, "progress")).toEqual({ mean: expect.closeTo(1 / 3), deviation: 0 });
    const none = results.filter(({ task, attempt }) => task === `task-${attempt}`);
    expect(none).toHaveLength(2);
    expect(spreadOverAttempts([{ weight: 1, results: none }], "progress")).toEqual({
      mean: Number.NaN,
      deviation: Number.NaN,
    });
  });

  test("have a score over the suites with App. A's weights, best and mean", () => {
    const pddl = attempts([[1, 0, 0]], "pddl");
    const { heldOut } = summarize([...results, ...pddl]);
    expect(heldOut?.sampled).toEqual({
      attempts: 3,
      best: {
        success: expect.closeTo((112 * 0.5 + 60 * 1) / 172),
        progress: expect.closeTo((112 * 0.75 + 60 * 1) / 172),
      },
      spread: { success: expect.anything(), progress: expect.anything() },
    });
    const each = [112 * 0.375 + 60, 112 * 0.5, 112 * 0.25].map((sum) => sum / 172);
    expect(heldOut?.sampled?.spread.progress).toEqual({
      mean: expect.closeTo(mean(each)),
      deviation: expect.closeTo(standardDeviation(each)),
    });
    const unfinished = summarize([...results, ...pddl.slice(0, 1)]).heldOut;
    expect(unfinished?.sampled?.spread.progress).toEqual({
      mean: expect.closeTo(each[0] ?? 0),
      deviation: 0,
    });
    expect(summarize(attempts([[1], [0]])).heldOut?.sampled).toBeUndefined();
  });

  test("the best is never below the mean", () => {
    fc.assert(
      fc.property(fc.array(rates, { minLength: 1, maxLength: 6 }), (tasks) => {
        const some = attempts(tasks);
        const clustered = mean([...taskScores(some, "progress").values()]);
        expect(bestOfN([{ weight: 1, results: some }], "progress")).toBeGreaterThanOrEqual(clustered - 1e-12);
      }),
    );
  });
});

describe("confidence intervals", () => {
  test("hold the value, lie in the range of the scores and are repeatable", () => {
    fc.assert(
      fc.property(rates, (scores) => {
        const strata = [{ weight: 1, scores }];
        const { value, low, high } = estimate(strata, "seed");
        expect(value).toBeCloseTo(mean(scores));
        expect(low).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-12);
        expect(high).toBeLessThanOrEqual(Math.max(...scores) + 1e-12);
        expect(low).toBeLessThanOrEqual(high);
        expect(estimate(strata, "seed")).toEqual({ value, low, high });
      }),
      { numRuns: 20 },
    );
  });

  test("are about as wide as theory says for many tasks", () => {
    const scores = Array.from({ length: 400 }, (_value, index) => index % 2);
    const { low, high } = estimate([{ weight: 1, scores }], "width");
    const expected = (2 * 1.96 * 0.5) / Math.sqrt(400);
    expect(high - low).toBeGreaterThan(0.85 * expected);
    expect(high - low).toBeLessThan(1.15 * expected);
  });

  test("are not narrowed by further attempts at the same tasks", () => {
    const once = attempts(Array.from({ length: 30 }, (_value, index) => [index % 2]));
    const often = attempts(Array.from({ length: 30 }, (_value, index) => Array(10).fill(index % 2)));
    const [one] = summarize(once).suites;
    const [many] = summarize(often).suites;
    expect(many?.success).toEqual(one?.success);
  });

  test("do not depend on the order of the episodes", () => {
    const results = attempts([[0.5], [1], [0.25], [0], [1]]);
    expect(summarize([...results].reverse()).suites[0]?.progress).toEqual(
      summarize(results).suites[0]?.progress,
    );
  });
});

describe("differences", () => {
  const base = attempts([[0], [0.5], [1], [0]]);

  test("of an evaluation from itself are nothing", () => {
    const { suites } = differencesOf(base, base);
    expect(suites.get("babyai")).toEqual({
      success: { value: 0, low: 0, high: 0 },
      progress: { value: 0, low: 0, high: 0 },
      tasks: 4,
    });
  });

  test("are paired by task: the same gain everywhere has no width, whatever the tasks are like", () => {
    const better = base.map((each) => ({ ...each, progress: each.progress / 2 + 0.5 }));
    const gain = differencesOf(
      base.map((each) => ({ ...each, progress: each.progress / 2 })),
      better,
    ).suites.get("babyai")?.progress;
    expect(gain).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  });

  test("are over the tasks that both have played", () => {
    const other = base.filter(({ task }) => task !== "task-0");
    expect(differencesOf(base, other).suites.get("babyai")?.tasks).toBe(3);
  });

  test("leave out suites with other rules and suites that only one has", () => {
    const other = base.map((each) => ({ ...each, variant: "others" }));
    expect(differencesOf(base, other).suites.size).toBe(0);
    const pddl = attempts([[1]], "pddl");
    expect([...differencesOf(base, [...base, ...pddl]).suites.keys()]).toEqual(["babyai"]);
  });
});

describe("the held-out score", () => {
  test("weighs by the tasks of the benchmark (App. A)", () => {
    const scores = new Map([
      ["babyai", 1],
      ["sciworld", 0],
      ["pddl", 0],
      ["jericho", 0],
    ]);
    expect(heldOutScore(scores)).toBeCloseTo(112 / 282);
    expect(heldOutWeights([...scores.keys()])?.missing).toEqual([]);
  });

  test("says what is missing and weighs the rest alike; what is held in does not count", () => {
    const found = heldOutWeights(["pddl", "babyai", "alfworld"]);
    expect(found?.missing).toEqual(["sciworld", "jericho"]);
    expect(found?.weights.get("pddl")).toBeCloseTo(60 / 172);
    expect(heldOutScore(new Map([["alfworld", 1]]))).toBeUndefined();
  });

  test("is between its parts' scores, with its interval", () => {
    const results = [...attempts([[1], [1], [0]]), ...attempts([[0], [0.5]], "pddl")];
    const { heldOut } = summarize(results);
    expect(heldOut?.progress.value).toBeCloseTo((112 * (2 / 3) + 60 * 0.25) / 172);
    expect(heldOut?.suites).toEqual(["babyai", "pddl"]);
  });
});

describe("behaviour", () => {
  const turn = (given: Partial<EpisodeTurn>): EpisodeTurn => ({
    action: "look",
    observation: "A room.",
    progress: 0,
    actionIsValid: true,
    ...given,
  });
  const turns = [
    turn({}),
    turn({}),
    turn({ observation: "A room, dark now." }),
    turn({ action: null, malformed: "missing-action", actionIsValid: false }),
    turn({ action: null, malformed: "missing-action", actionIsValid: false }),
    turn({ action: "go" }),
  ];

  test("counts malformed replies, and actions that are repeated to the same effect", () => {
    const base = { ending: "turn-limit", reason: null, success: false, progress: 0 } as const;
    const episode: Episode = {
      ...base,
      ...{ suite: "s", variant: "v", task: "t", attempt: 0, group: "g", difficulty: null, agent: "a" },
      trials: [{ ...base, turns, messages: [] }],
      usage: NO_USAGE,
      cost: 0,
    };
    expect(resultOf(episode)).toMatchObject({
      turns: 6,
      validActions: 4,
      formatErrors: 2,
      repeatedActions: 1,
    });
  });

  test("takes grounding as AgentBoard does, an episode at a time, and the rest over all turns", () => {
    const results = [
      someResult({ turns: 2, validActions: 2, formatErrors: 0 }),
      someResult({ turns: 8, validActions: 0, formatErrors: 5, shortenedTurns: 2 }),
      someResult({ turns: 0, validActions: 0 }),
    ];
    expect(behaviourOf(results)).toEqual({
      grounding: 0.5,
      formatErrors: 0.5,
      repeatedActions: 0,
      shortened: 0.2,
      turns: mean([2, 8, 0]),
    });
  });
});

test("the deviation is that of all values there are", () => {
  expect(standardDeviation([1, 3])).toBe(1);
});
