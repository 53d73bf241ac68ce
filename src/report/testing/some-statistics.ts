import { EMPTY_TALLY } from "../../synthesis/tally.ts";
import { NO_ERROR_RUNS } from "../../trajectory/trajectory.ts";
import type { RunStatistics } from "../run-statistics.ts";

/** Statistics of a small run, as they would come of records. */
export function someStatistics(name = "runs/a"): RunStatistics {
  return {
    name,
    kind: "run",
    making: {
      personas: 12,
      pending: 2,
      tally: {
        ...EMPTY_TALLY,
        outcomes: { accepted: 7, rejected: 2, failed: 1 },
        calls: 25,
        cost: 1.4,
        acceptedByCalls: { 2: 4, 3: 3 },
        faults: { unfinished: 2, "unmatched-action": 5, "script/wrong-keys": 1 },
      },
      steps: [
        { call: 1, reached: 10, accepted: 0, rejected: 0, failed: 1 },
        { call: 2, reached: 9, accepted: 4, rejected: 0, failed: 0 },
        { call: 3, reached: 5, accepted: 3, rejected: 0, failed: 0 },
        { call: 4, reached: 2, accepted: 0, rejected: 2, failed: 0 },
      ],
      tokensSaved: 100,
      costEach: 0.2,
    },
    trajectories: 7,
    unusable: 0,
    errorRuns: {
      trajectories: 7,
      playerTurns: 50,
      byLength: { ...NO_ERROR_RUNS.byLength, "1": { runs: 8, turns: 8 }, "2": { runs: 1, turns: 2 } },
    },
    errorKinds: { parameter: 4, place: 3, logic: 3 },
    turns: { 6: 3, 7: 2, 10: 2 },
    tokens: { all: { 900: 4, 1500: 3 }, trained: { 300: 7 }, sum: 8100, trainedSum: 2100 },
    actions: { 8: 7 },
    objects: { 20: 3, 25: 4 },
    goals: { themes: { bakery: 5, other: 2 }, nearDuplicates: 1, pairs: [] },
  };
}
