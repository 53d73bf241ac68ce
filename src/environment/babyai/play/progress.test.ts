import { describe, expect, test } from "vitest";
import type { Instruction } from "../mission/instruction.ts";
import { beginCheck, verifyMission } from "../mission/verifier.ts";
import { drawWorld } from "../testing/draw-world.ts";
import { viewOf } from "../world/view.ts";
import { applyMove, type Move } from "../world/world.ts";
import {
  fullLabelProgress,
  labelProgress,
  matchesPattern,
  missionProgress,
  type Outcome,
  type Progress,
} from "./progress.ts";

const world = drawWorld(
  "## ## ## ## ## ##",
  "## kr .. .. .. ##",
  "## >. .. ob .. ##",
  "## .. .. .. .. ##",
  "## ## ## ## ## ##",
);
const ROOM = { x: 0, y: 0, width: 6, height: 5 };
const nothing: Outcome = {
  observation: "",
  view: viewOf(world),
  world,
  check: beginCheck(world, { code: "go-to", target: { kind: "key" } }, ROOM),
  reward: 0,
};

function values(progress: Progress, observations: readonly string[]): number[] {
  let now = progress;
  return observations.map((observation) => {
    now = now.after({ ...nothing, observation });
    return now.value;
  });
}

describe("the pattern of a subgoal", () => {
  test.each([
    ["There is a red ball **", "There is a red ball 1 right in front of you 2 steps away. ", true],
    [
      " There is a red ball ** right in front of you 1 steps away.",
      "x. There is a red ball 2 right in front of you 1 steps away.",
      true,
    ],
    [
      "There is a red ball ** 1 steps away.",
      "There is a red ball. It is right in front of you 1 steps away.",
      false,
    ],
    ["You are carrying a ** ball.", "You are carrying a blue ball.", true],
    ["a * ball", "ball a red ball", true],
    ["You are carrying a red key.", "You are carrying a red key", true],
    ["", "anything", true],
  ])("%j in %j: %s", (pattern, observation, matches) => {
    expect(matchesPattern(observation, pattern)).toBe(matches);
  });
});

describe("progress from labels", () => {
  test("one subgoal scores with each observation, in whatever order, and never twice", () => {
    const progress = labelProgress([["a", "b", "c", "d"]]);
    expect(values(progress, ["b", "a c", "a c", "x", "b", "d"])).toEqual([0.25, 0.5, 0.75, 0.75, 0.75, 1]);
    expect(progress.value).toBe(0);
  });

  test("alternatives are matched position by position", () => {
    const progress = labelProgress([
      ["red open", "red closed"],
      ["blue open", "blue closed"],
    ]);
    expect(values(progress, ["blue closed", "red closed", "blue open"])).toEqual([0.5, 0.5, 1]);
  });

  test("the plain way scores the first observation and all subgoals at once", () => {
    const progress = fullLabelProgress([["a", "b", "c", "d"]], "a b");
    expect(progress.value).toBe(0.5);
    expect(values(progress, ["c d"])).toEqual([1]);
  });
});

describe("progress from the mission's own parts", () => {
  function play(instruction: Instruction, moves: readonly Move[]): number[] {
    const own = { ...world, cells: world.cells.slice(), agent: { ...world.agent } };
    let check = beginCheck(own, instruction, ROOM);
    let progress = missionProgress({ view: viewOf(own), world: own, check });
    return [
      progress.value,
      ...moves.map((move) => {
        applyMove(own, move);
        check = verifyMission(own, check, move, true).check;
        progress = progress.after({ ...nothing, view: viewOf(own), world: own, check });
        return progress.value;
      }),
    ];
  }

  test("what is in sight at the start does not count, and it never falls", () => {
    const pick = { code: "pick-up", target: { kind: "ball" }, strict: false } as const;
    expect(play(pick, ["forward", "left", "right", "pickup", "drop"])).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test("finding, holding and doing count", () => {
    const turned = { ...world, agent: { ...world.agent, direction: 2 } } as const;
    const put = { code: "put-next", target: { kind: "key" }, beside: { kind: "ball" } } as const;
    const check = beginCheck(turned, put, ROOM);
    const start = missionProgress({ view: viewOf(turned), world: turned, check });
    expect(start.value).toBe(0);
    expect(play(put, ["left", "pickup", "right", "drop"])).toEqual([0, 0, 0.5, 0.5, 1]);
  });

  test("two clauses share the whole", () => {
    const first = { code: "go-to", target: { kind: "key" } } as const;
    const second = { code: "pick-up", target: { kind: "ball" }, strict: false } as const;
    const moves = ["left", "right", "forward", "pickup"] as const;
    expect(play({ code: "and", first, second }, moves)).toEqual([0, 0.5, 0.5, 0.5, 1]);
  });
});
