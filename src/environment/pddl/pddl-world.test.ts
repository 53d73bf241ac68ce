import { describe, expect, test } from "vitest";
import { AgentRefineError } from "../../errors.ts";
import { parseProblem } from "../../pddl/problem.ts";
import type { PureWorld } from "../world.ts";
import { type Game, gameOf } from "./games.ts";
import { createPddlWorld } from "./pddl-world.ts";

const NOT_UNDERSTOOD = "The action is not valid and therefore takes no effect. Please check valid actions.";
const NOT_POSSIBLE =
  "The action is not valid and therefore takes no effect. Please remember to satisfy the restriction of actions. You can also check valid actions.";

function begin(game: Game, text: string): PureWorld {
  const world = createPddlWorld(game, parseProblem(text, game.domain));
  world.reset();
  return world;
}

const TWO_BLOCKS = `(define (problem two) (:domain blockworld) (:objects b1 b2)
  (:init (arm-empty) (on-table b1) (on b2 b1) (clear b2))
  (:goal (and (on b1 b2) (on-table b2))))`;

const TWO_ROOMS = `(define (problem rooms) (:domain gripper) (:objects rooma roomb ball1 left)
  (:init (room rooma) (room roomb) (ball ball1) (gripper left) (free left) (at-robby rooma) (at ball1 rooma))
  (:goal (at ball1 roomb)))`;

const ONE_SHOT = `(define (problem shot) (:domain barman)
  (:objects shaker1 - shaker shot1 - shot left right - hand ingredient1 - ingredient cocktail1 - cocktail
            dispenser1 - dispenser l0 l1 - level)
  (:init (ontable shaker1) (ontable shot1) (clean shaker1) (clean shot1) (empty shaker1) (empty shot1)
         (handempty left) (handempty right) (dispenses dispenser1 ingredient1)
         (shaker-empty-level shaker1 l0) (shaker-level shaker1 l0) (next l0 l1))
  (:goal (and (contains shot1 ingredient1))))`;

const ONE_HUB = `(define (problem hub) (:domain tyreworld)
  (:objects the-hub1 - hub nuts1 - nut boot - container r1 w1 - wheel)
  (:init (in wrench boot) (in jack boot) (in pump boot) (in r1 boot) (unlocked boot) (closed boot) (intact r1)
         (not-inflated r1) (on w1 the-hub1) (on-ground the-hub1) (tight nuts1 the-hub1) (fastened the-hub1))
  (:goal (and (inflated r1) (have wrench))))`;

describe("what is shown", () => {
  test("blocks: goal, observation and sorted actions", () => {
    const world = createPddlWorld(
      gameOf("blockworld"),
      parseProblem(TWO_BLOCKS, gameOf("blockworld").domain),
    );
    expect(world.reset()).toEqual({
      goal: "The goal is to satisfy the following conditions: b1 is on b2., b2 is on the table.",
      observation: "B1 is on the table. B2 is on b1. The b2 is clear. Your arm is empty.",
    });
    expect(world.actions()).toEqual(["Unstack b2 from b1.", "check valid actions"]);
  });

  test("gripper: what has no sentence is written as it stands, and trailing blanks stay", () => {
    const world = createPddlWorld(gameOf("gripper"), parseProblem(TWO_ROOMS, gameOf("gripper").domain));
    expect(world.reset()).toEqual({
      goal: "The goal is to satisfy the following conditions: ball1 is at roomb. ",
      observation:
        "Ball1 is a ball.  Ball1 is at rooma.  Left is a gripper.  Left is free.  Robby is at rooma.  Room rooma Room roomb",
    });
    expect(world.actions()).toEqual([
      "Move from rooma to roomb. ",
      "Pick up ball1 at rooma with arm left. ",
      "check valid actions",
    ]);
  });

  test("barman and tyreworld tell only what has become true, and can be looked at", () => {
    const bar = begin(gameOf("barman"), ONE_SHOT);
    const taken = bar.step("left grasp shot1. ");
    expect(taken.observation).toBe("You are holding left. ");
    expect(bar.actions().slice(-2)).toEqual(["check valid actions", "look around"]);
    expect(bar.step("please LOOK AROUND").observation).toContain("Handempty right");
    const garage = begin(gameOf("tyreworld"), ONE_HUB);
    expect(garage.step("Open boot.").observation).toBe("Boot is open.");
  });

  test("blocks and gripper tell the whole state, and do not list looking around", () => {
    const world = begin(gameOf("blockworld"), TWO_BLOCKS);
    const step = world.step("Unstack b2 from b1.");
    expect(step.observation).toBe("B1 is on the table. The b1 is clear. You are holding b2. ");
    expect(world.actions()).toEqual(["Putdown b2.", "Stack b2 on b1.", "check valid actions"]);
    expect(world.step("look around").observation).toBe(step.observation);
  });

  test("an object never stands twice in a listed action", () => {
    const listed = begin(gameOf("gripper"), TWO_ROOMS).actions();
    expect(listed.some((action) => action.startsWith("Move from rooma to rooma"))).toBe(false);
  });
});

describe("how text is understood", () => {
  test.each([
    "pick ball1 rooma left",
    "PICK up ball1, at rooma (with left)!",
    "ball1 rooma left please pick",
  ])("%j is done", (text) => {
    expect(begin(gameOf("gripper"), TWO_ROOMS).step(text)).toMatchObject({ understood: true });
  });

  test("objects beyond the parameters are left out", () => {
    const step = begin(gameOf("gripper"), TWO_ROOMS).step(
      "pick ball1 rooma left. Then move from rooma to roomb.",
    );
    expect(step.observation).toContain("Ball1 is carrying left.");
  });

  test.each([
    "",
    "dance",
    "drop ball1 rooma left",
    "pick ball1 rooma",
    "pick ball9 rooma left",
    "constructor",
  ])("%j is not understood: no verb of now, or too few objects", (text) => {
    const step = begin(gameOf("gripper"), TWO_ROOMS).step(text);
    expect(step).toMatchObject({ observation: NOT_UNDERSTOOD, understood: false });
  });

  test.each(["pick rooma ball1 left", "move roomb rooma", "move rooma rooma"])(
    "%j is understood and not possible",
    (text) => {
      const step = begin(gameOf("gripper"), TWO_ROOMS).step(text);
      expect(step).toMatchObject({ observation: NOT_POSSIBLE, understood: false });
    },
  );

  test("objects of the wrong type are not possible", () => {
    expect(begin(gameOf("barman"), ONE_SHOT).step("grasp shot1 left").observation).toBe(NOT_POSSIBLE);
  });

  test("a listed action that changes nothing counts as not possible", () => {
    const bar = begin(gameOf("barman"), ONE_SHOT);
    bar.step("left grasp shaker1. ");
    const clean = "use hand left and hand right to clean-shaker shaker1";
    expect(bar.actions()).toContain(clean);
    expect(bar.step(clean)).toMatchObject({ observation: NOT_POSSIBLE, understood: false });
  });

  test("any text with check in it lists the actions, and changes nothing", () => {
    const world = begin(gameOf("blockworld"), TWO_BLOCKS);
    expect(world.step("Checkmate: unstack b2 b1")).toMatchObject({
      observation: "Valid actions are: Unstack b2 from b1., check valid actions",
      understood: true,
      scores: { progress: 0 },
    });
  });
});

describe("progress and the end", () => {
  test("progress is the best fraction so far, counted when the state changes", () => {
    const garage = begin(gameOf("tyreworld"), ONE_HUB);
    garage.step("open boot");
    expect(garage.step("fetch wrench boot").scores.progress).toBe(0.5);
    expect(garage.step("put-away wrench boot").scores.progress).toBe(0.5);
    garage.step("fetch pump boot");
    expect(garage.step("inflate r1")).toMatchObject({
      scores: { success: 0, progress: 0.5 },
      understood: true,
    });
    expect(garage.step("fetch wrench boot")).toMatchObject({
      observation: "You have wrench. The goal is satisfied.",
      scores: { success: 1, progress: 1 },
      ending: "success",
    });
  });

  test("a goal that is not a list of facts is refused", () => {
    const text = TWO_ROOMS.replace("(at ball1 roomb)", "(not (at ball1 rooma))");
    const problem = parseProblem(text, gameOf("gripper").domain);
    expect(() => createPddlWorld(gameOf("gripper"), problem)).toThrow(AgentRefineError);
  });
});
