import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../model/chat-model.ts";
import { randomFor } from "../../random.ts";
import type { Episode, EpisodeTurn } from "../episode.ts";
import type { EpisodeResult } from "../episode-result.ts";
import { resultOf } from "../episode-result.ts";
import { summarize } from "../summary.ts";
import { someResult } from "../testing/some-result.ts";
import { bestOfN, spreadOverAttempts } from "./best-of-n.ts";
import { differencesOf } from "./difference.ts";
import { heldOutScore, heldOutWeights } from "./held-out.ts";
import { pairedDifference, rate } from "./interval.ts";
import { behaviourOf, mean, spreadOf, taskScores } from "./scores.ts";

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
      deviation: expect.closeTo(spreadOf(each).deviation),
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

/** The probability of so many successes in independent tasks. */
function binomial(successes: number, tasks: number, probability: number): number {
  let ways = 1;
  for (let i = 0; i < successes; i += 1) ways *= (tasks - i) / (i + 1);
  return ways * probability ** successes * (1 - probability) ** (tasks - successes);
}

function successes(count: number, tasks: number): readonly number[] {
  return Array.from({ length: tasks }, (_value, index) => Number(index < count));
}

const of = (scores: readonly number[]) => rate([{ weight: 1, scores }]);

describe("confidence intervals", () => {
  test("hold the value and lie between nothing and all", () => {
    fc.assert(
      fc.property(rates, (scores) => {
        const { value, low, high } = of(scores);
        expect(value).toBeCloseTo(mean(scores));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(high).toBeLessThanOrEqual(1);
        expect(high - low).toBeGreaterThan(0);
      }),
    );
  });

  test.each([
    [20, 0.05],
    [20, 0.1],
    [60, 1 / 60],
    [112, 0.375],
  ])("of %i tasks with a success of %f hold the truth in at least 91 of 100 samples", (tasks, truth) => {
    const covered = Array.from({ length: tasks + 1 }, (_value, count) => {
      const { low, high } = of(successes(count, tasks));
      return low <= truth && truth <= high ? binomial(count, tasks, truth) : 0;
    });
    expect(covered.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0.91);
  });

  test("of progress and of a score over suites hold the truth as often", () => {
    const random = randomFor("coverage");
    const values = [0, 0, 0.1, 0.25, 0.25, 0.5, 0.9];
    let alone = 0;
    let together = 0;
    const draws = 1000;
    for (let draw = 0; draw < draws; draw += 1) {
      const progress = Array.from({ length: 20 }, () => random.pick(values));
      const one = of(progress);
      if (one.low <= mean(values) && mean(values) <= one.high) alone += 1;
      const success = Array.from({ length: 60 }, () => Number(random.integer(10) === 0));
      const both = rate([
        { weight: 0.3, scores: progress },
        { weight: 0.7, scores: success },
      ]);
      const truth = 0.3 * mean(values) + 0.7 * 0.1;
      if (both.low <= truth && truth <= both.high) together += 1;
    }
    expect(alone / draws).toBeGreaterThan(0.91);
    expect(together / draws).toBeGreaterThan(0.91);
  });

  test("of 0 of 12 and of 12 of 12 have a width (Wilson's)", () => {
    expect(of(successes(0, 12))).toEqual({ value: 0, low: 0, high: expect.closeTo(0.2425, 3) });
    expect(of(successes(12, 12))).toEqual({ value: 1, low: expect.closeTo(0.7575, 3), high: 1 });
    expect(of(Array(12).fill(0.5)).low).toBeLessThan(0.4);
  });

  test("are Student's where tasks are achieved in part", () => {
    const { low, high } = of([0.2, 0.4, 0.6, 0.8, 0.5]);
    // t of 4 degrees of freedom, and a standard error of 0.1.
    expect([low, high]).toEqual([expect.closeTo(0.5 - 0.27764, 4), expect.closeTo(0.5 + 0.27764, 4)]);
  });

  test("are about as wide as theory says for many tasks", () => {
    const scores = Array.from({ length: 400 }, (_value, index) => index % 2);
    const { low, high } = of(scores);
    expect(high - low).toBeCloseTo((2 * 1.96 * 0.5) / Math.sqrt(400), 2);
  });

  test("are not narrowed by further attempts at the same tasks", () => {
    const once = attempts(Array.from({ length: 30 }, (_value, index) => [index % 2]));
    const often = attempts(Array.from({ length: 30 }, (_value, index) => Array(10).fill(index % 2)));
    const [one] = summarize(once).suites;
    const [many] = summarize(often).suites;
    expect(many?.scores.success).toEqual(one?.scores.success);
  });

  test("do not depend on the order of the episodes", () => {
    const results = attempts([[0.5], [1], [0.25], [0], [1]]);
    expect(summarize([...results].reverse()).suites[0]?.scores).toEqual(summarize(results).suites[0]?.scores);
  });
});

describe("differences", () => {
  const base = attempts([[0], [0.5], [1], [0]]);

  const difference = (scores: readonly number[]) => pairedDifference([{ weight: 1, scores }], "seed");

  test("of an evaluation from itself are nothing, and as sure as so few tasks allow", () => {
    const { suites } = differencesOf(base, base);
    const none = { value: 0, low: expect.closeTo(-0.462, 2), high: expect.closeTo(0.462, 2), p: 1 };
    expect(suites.get("babyai")).toEqual({ scores: { success: none, progress: none }, tasks: 4 });
  });

  test("of success are tested as McNemar's exact test does", () => {
    // 6 tasks gained and 1 lost: 2 * (1 + 7) / 2^7.
    expect(difference([1, 1, 1, 1, 1, 1, -1, 0, 0, 0]).p).toBeCloseTo(0.125);
    expect(difference([1, 1, 1, 1, 1, 1, 0, 0]).p).toBeCloseTo(0.03125);
    expect(difference([1, -1]).p).toBe(1);
  });

  test("of progress are tested by changes of their signs", () => {
    const differences = [0.5, 0.25, 0.75, 0.125, 0.25, 0.5];
    // Of the 64 signs only all alike give so large a sum.
    expect(difference(differences).p).toBeCloseTo(2 / 64, 2);
    expect(difference([0.5, -0.25, -0.25]).p).toBeCloseTo(1, 1);
    expect(difference(differences)).toEqual(difference(differences));
  });

  test("that are not there are found in at most one of twenty", () => {
    const random = randomFor("null");
    let found = 0;
    for (let draw = 0; draw < 400; draw += 1) {
      const scores = Array.from({ length: 30 }, () => random.integer(2) - random.integer(2));
      if (difference(scores).p < 0.05) found += 1;
    }
    expect(found / 400).toBeLessThanOrEqual(0.06);
  });

  test("are over the tasks that both have played", () => {
    const other = base.filter(({ task }) => task !== "task-0");
    expect(differencesOf(base, other).suites.get("babyai")?.tasks).toBe(3);
  });

  test("leave out suites with other rules and suites that only one has", () => {
    const other = base.map((each) => ({ ...each, variant: { ...each.variant, rules: "others" } }));
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
    expect(heldOut?.scores.progress?.value).toBeCloseTo((112 * (2 / 3) + 60 * 0.25) / 172);
    expect(heldOut?.suites).toEqual(["babyai", "pddl"]);
  });
});

describe("behaviour", () => {
  const turn = (given: Partial<EpisodeTurn>): EpisodeTurn => ({
    action: "look",
    observation: "A room.",
    scores: { success: 0, progress: 0 },
    actionIsValid: true,
    ...given,
  });
  const turns = [
    turn({}),
    turn({}),
    turn({ observation: "A room, dark now." }),
    turn({ action: null, malformed: "missing-action", actionIsValid: false }),
    turn({ action: null, malformed: "missing-action", actionIsValid: false }),
    turn({ action: "go", irregular: ["several-actions"] }),
  ];

  test("counts malformed replies, and actions that are repeated to the same effect", () => {
    const base = { ending: "turn-limit", reason: null, scores: { success: 0, progress: 0 } } as const;
    const episode: Episode = {
      ...base,
      ...{
        suite: "s",
        variant: someResult({}).variant,
        task: "t",
        attempt: 0,
        group: "g",
        difficulty: null,
        agent: "a",
      },
      trials: [{ ...base, turns, messages: [] }],
      usage: NO_USAGE,
      cost: 0,
    };
    expect(resultOf(episode)).toMatchObject({
      turns: 6,
      validActions: 4,
      formatErrors: 2,
      malformed: { "missing-action": 2 },
      irregular: { "several-actions": 1 },
      irregularTurns: 1,
      repeatedActions: 1,
    });
  });

  test("takes grounding as AgentBoard does, an episode at a time, and the rest over all turns", () => {
    const results = [
      someResult({ turns: 2, validActions: 2, formatErrors: 0 }),
      someResult({ turns: 8, validActions: 0, formatErrors: 5, irregularTurns: 1, shortenedTurns: 2 }),
      someResult({ turns: 0, validActions: 0 }),
    ];
    expect(behaviourOf(results)).toEqual({
      grounding: 0.5,
      formatErrors: 0.5,
      irregular: 0.1,
      repeatedActions: 0,
      shortened: 0.2,
      turns: mean([2, 8, 0]),
    });
  });
});

test("the deviation is that of all values there are", () => {
  expect(spreadOf([1, 3]).deviation).toBe(1);
});
