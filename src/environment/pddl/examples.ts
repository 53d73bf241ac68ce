import { parseProblem } from "../../pddl/problem.ts";
import type { ReAct } from "../../react.ts";
import type { Example } from "../guide.ts";
import { GAMES } from "./games.ts";
import { createPddlEnvironment } from "./pddl-environment.ts";

/** A small problem: objects, facts at the start and facts to be achieved, as PDDL has them; and turns that solve it. */
interface SmallProblem {
  readonly objects: string;
  readonly initial: string;
  readonly goal: string;
  readonly turns: readonly ReAct[];
}

/** The problem of each game; the turns of blockworld begin with a mistake. */
const PROBLEMS: ReadonlyMap<string, SmallProblem> = new Map([
  [
    "gripper",
    {
      objects: "rooma roomb ball1 left",
      initial:
        "(room rooma) (room roomb) (ball ball1) (gripper left) (at-robby roomb) (at ball1 rooma) (free left)",
      goal: "(at ball1 roomb)",
      turns: [
        { thought: "The ball is in rooma, and I am in roomb.", action: "Move from roomb to rooma." },
        { thought: "My left gripper is free.", action: "Pick up ball1 at rooma with arm left." },
        { thought: "I have the ball and carry it to roomb.", action: "Move from rooma to roomb." },
        { thought: "Here it has to be.", action: "drop ball1 roomb left" },
      ],
    },
  ],
  [
    "blockworld",
    {
      objects: "b1 b2",
      initial: "(on b1 b2) (on-table b2) (clear b1) (arm-empty)",
      goal: "(on b2 b1)",
      turns: [
        { thought: "b2 has to go on b1.", action: "Pickup b2." },
        { thought: "That failed, because b1 is on b2. I lift b1 first.", action: "Unstack b1 from b2." },
        { thought: "I put it down to have my arm free.", action: "Putdown b1." },
        { thought: "Now b2 is clear.", action: "Pickup b2." },
        { thought: "Only the last step is left.", action: "Stack b2 on b1." },
      ],
    },
  ],
  [
    "barman",
    {
      objects: "left right - hand shot1 - shot ingredient1 - ingredient dispenser1 - dispenser",
      initial:
        "(ontable shot1) (empty shot1) (clean shot1) (handempty left) (handempty right) (dispenses dispenser1 ingredient1)",
      goal: "(contains shot1 ingredient1)",
      turns: [
        { thought: "I need the shot glass in a hand.", action: "left grasp shot1." },
        {
          thought: "My right hand is empty, so I can fill it at the dispenser.",
          action: "fill-shot glass shot1 with ingredient1 with left and right holding dispenser1.",
        },
      ],
    },
  ],
  [
    "tyreworld",
    {
      objects: "boot - container the-hub - hub nuts - nut",
      initial: "(closed boot) (unlocked boot) (in wrench boot) (on-ground the-hub) (tight nuts the-hub)",
      goal: "(loose nuts the-hub)",
      turns: [
        { thought: "The wrench is in the boot, which is closed.", action: "Open boot." },
        { thought: "Now I take the wrench.", action: "Fetch wrench from boot." },
        {
          thought: "The hub is on the ground, so I can loosen it.",
          action: "Loosen the nut nuts on the hub the-hub.",
        },
      ],
    },
  ],
]);

/** The worked example of a game; undefined when there is no such game. None is a task of the suites. */
export function pddlExample(name: string): Example | undefined {
  const game = GAMES.find((each) => each.name === name);
  const problem = PROBLEMS.get(name);
  if (game === undefined || problem === undefined) return undefined;
  const { objects, initial, goal, turns } = problem;
  const text = `(define (problem example) (:domain ${name}) (:objects ${objects}) (:init ${initial}) (:goal (and ${goal})))`;
  return { turns, createEnvironment: () => createPddlEnvironment(game, parseProblem(text, game.domain)) };
}
