import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyTurns, bakeryTrajectory, dungeonMaster, player } from "../dataset/testing/trajectories.ts";
import {
  addErrorRuns,
  errorRuns,
  isErrorTurn,
  mergeErrorRuns,
  NO_ERROR_RUNS,
  RUN_LENGTHS,
  shareOfTurns,
  type Turn,
} from "./trajectory.ts";

/** A trajectory from a word of `x` for an error turn and `.` for a right one. */
function played(word: string): readonly Turn[] {
  return [
    dungeonMaster("begin"),
    ...[...word].flatMap((letter) => [player("t", "a"), dungeonMaster("o", { logicError: letter === "x" })]),
  ];
}

describe("errorRuns", () => {
  it("finds the maximal runs", () => {
    expect(errorRuns(played("x.xx..x"))).toEqual([
      { first: 1, last: 1, length: 1 },
      { first: 5, last: 7, length: 2 },
      { first: 13, last: 13, length: 1 },
    ]);
    expect(errorRuns(bakeryTrajectory.turns)).toEqual([{ first: 3, last: 5, length: 2 }]);
    expect(errorRuns([])).toEqual([]);
  });

  it("covers exactly the error turns, and no two runs touch", () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        const covered = errorRuns(turns).flatMap(({ first, length }) =>
          Array.from({ length }, (_unused, place) => first + 2 * place),
        );
        expect(covered).toEqual([...turns.keys()].filter((number) => isErrorTurn(turns, number)));
        const runs = errorRuns(turns);
        for (const [place, run] of runs.slice(1).entries()) {
          expect(run.first - runs[place]!.last).toBeGreaterThan(2);
        }
      }),
    );
  });
});

describe("addErrorRuns", () => {
  it("counts runs and their turns by length, among the judged player turns", () => {
    const unjudged = [...played("x"), player("t", "a")];
    const counts = ["x.xx", "xxx.xxxxx", "...."]
      .map(played)
      .concat([unjudged])
      .reduce(addErrorRuns, NO_ERROR_RUNS);
    expect(counts).toEqual({
      trajectories: 4,
      playerTurns: 18,
      byLength: {
        "1": { runs: 2, turns: 2 },
        "2": { runs: 1, turns: 2 },
        "3": { runs: 1, turns: 3 },
        ">3": { runs: 1, turns: 5 },
      },
    });
    expect(RUN_LENGTHS.map((length) => shareOfTurns(counts, length))).toEqual([
      2 / 18,
      2 / 18,
      3 / 18,
      5 / 18,
    ]);
  });

  it("gives a share of 0 before any turn", () => {
    expect(shareOfTurns(NO_ERROR_RUNS, "1")).toBe(0);
  });

  it("can be folded in parts that are merged", () => {
    fc.assert(
      fc.property(fc.array(anyTurns), fc.array(anyTurns), (some, others) => {
        const whole = [...some, ...others].reduce(addErrorRuns, NO_ERROR_RUNS);
        const parts = [some, others].map((part) => part.reduce(addErrorRuns, NO_ERROR_RUNS));
        expect(parts.reduce(mergeErrorRuns, NO_ERROR_RUNS)).toEqual(whole);
      }),
    );
  });
});
