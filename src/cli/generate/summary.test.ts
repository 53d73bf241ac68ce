import { expect, test } from "vitest";
import { EMPTY_TALLY, type Tally } from "../../synthesis/tally.ts";
import { summaryJson, summaryLines } from "./summary.ts";

const tally: Tally = {
  outcomes: { accepted: 3710, rejected: 268, failed: 2 },
  calls: 10_412,
  failedCalls: 7,
  promptTokens: 41_204_221,
  cachedTokens: 30_120_000,
  completionTokens: 20_100_455,
  estimatedCalls: 812,
  cutCalls: 0,
  refusedCalls: 0,
  cost: 310.2214,
  stopped: { calls: 812, completionTokens: 700_000 },
  whole: { calls: 5_100, completionTokens: 14_000_000 },
  faults: { "unmatched-action": 901, "malformed-json": 412, "script/rejected-name": 520, unfinished: 101 },
  errorRuns: {
    trajectories: 3710,
    playerTurns: 42_000,
    byLength: {
      "1": { runs: 6720, turns: 6720 },
      "2": { runs: 900, turns: 1800 },
      "3": { runs: 120, turns: 360 },
      ">3": { runs: 9, turns: 40 },
    },
  },
};
const summary = { run: "/data/runs/first", personas: 4000, tally, seconds: 5025 };

test("the summary is a table that fits 80 columns", () => {
  const lines = summaryLines(summary);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.join("\n")).toMatchSnapshot();
});

test("a run of which nothing came, at an unknown price", () => {
  const nothing = { run: "r", personas: 2, tally: { ...EMPTY_TALLY, cost: null }, seconds: 0 };
  expect(summaryLines(nothing).join("\n")).toMatchSnapshot();
});

test("the JSON has the numbers as they are", () => {
  expect(summaryJson(summary, { interrupted: false, paused: null })).toMatchObject({
    run: "/data/runs/first",
    personas: 4000,
    accepted: 3710,
    rejected: 268,
    failed: 2,
    pending: 20,
    calls: 10_412,
    promptTokens: 41_204_221,
    cachedTokens: 30_120_000,
    completionTokens: 20_100_455,
    cost: 310.2214,
    faults: tally.faults,
    errorRuns: tally.errorRuns,
    seconds: 5025,
    interrupted: false,
    paused: null,
    tokensSaved: Math.round((14_000_000 / 5100) * 812 - 700_000),
  });
});
