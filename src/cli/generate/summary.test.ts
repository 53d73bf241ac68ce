import { expect, test } from "vitest";
import { EMPTY_TALLY, type Tally } from "../../synthesis/tally.ts";
import { endedJson } from "../run/session.ts";
import type { Paint } from "../terminal/text.ts";
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
  acceptedByCalls: { "2": 2510, "3": 900, "4": 300 },
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
const summary = { run: "/data/runs/first", personas: 4000, tally, seconds: 5025, written: 2_000_000 };
const plain: Paint = (_style, text) => text;

test("the summary is a table that fits 80 columns", () => {
  const lines = summaryLines(summary, plain);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.join("\n")).toMatchSnapshot();
});

test("a run without a reply has no table of zeros", () => {
  const nothing = { run: "r", personas: 2, tally: EMPTY_TALLY, seconds: 1, written: 0 };
  expect(summaryLines(nothing, plain)).toEqual([]);
});

test("a server of one's own has no price but a speed, and old prices are told as old", () => {
  const own = summaryLines({ ...summary, tally: { ...tally, cost: null } }, plain).slice(-3);
  expect(`${own.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    Result  3,710 of 4,000 accepted (93.2 %), 268 rejected, 2 failed, 20 pending
    Time    1h 23m, 398 tokens/s
    "
  `);
  const old = summaryLines({ ...summary, pricesOf: "2024-01" }, plain).slice(-3);
  expect(`${old.join("\n")}\n`).toMatchInlineSnapshot(`
    "Result  3,710 of 4,000 accepted (93.2 %), 268 rejected, 2 failed, 20 pending
    Cost    $310.22, $0.084 for each accepted (prices of 2024-01; newer: --prices)
    Time    1h 23m, 398 tokens/s
    "
  `);
});

test("one kind of fault in nearly all replies is told by itself", () => {
  const of = (change: Partial<Tally>): string | undefined =>
    summaryLines(
      { run: "r", personas: 4, tally: { ...EMPTY_TALLY, calls: 12, ...change }, seconds: 0, written: 0 },
      plain,
    ).find((line) => line.startsWith("12 of 12"));
  expect(of({ cutCalls: 12 })).toBe("12 of 12 replies were cut at --max-tokens: give more.");
  expect(of({ refusedCalls: 12 })).toBe("12 of 12 replies were refused by the model or a filter.");
  expect(of({ faults: { "malformed-json": 12 } })).toBe(
    "12 of 12 replies had the same fault, malformed-json. Read them: agentrefine show r --fault malformed-json",
  );
  expect(of({ faults: { "malformed-json": 6, "wrong-keys": 6 } })).toBeUndefined();
});

test("the JSON has the numbers as they are", () => {
  const ended = { result: { pause: undefined }, interrupted: false };
  expect({ ...summaryJson(summary), ...endedJson(ended, summary.seconds) }).toMatchObject({
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
