import { parseProblem } from "../../pddl/problem.ts";
import type { Environment } from "../environment.ts";
import { GAMES } from "../pddl/games/games.ts";
import { createPddlEnvironment } from "../pddl/pddl-environment.ts";

/** A small problem: objects, facts at the start and facts to be achieved, as PDDL has them. */
interface SmallProblem {
  readonly objects: string;
  readonly initial: string;
  readonly goal: string;
}

const PROBLEMS: ReadonlyMap<string, SmallProblem> = new Map([
  [
    "gripper",
    {
      objects: "rooma roomb ball1 left",
      initial:
        "(room rooma) (room roomb) (ball ball1) (gripper left) (at-robby roomb) (at ball1 rooma) (free left)",
      goal: "(at ball1 roomb)",
    },
  ],
  [
    "blockworld",
    {
      objects: "b1 b2",
      initial: "(on b1 b2) (on-table b2) (clear b1) (arm-empty)",
      goal: "(on b2 b1)",
    },
  ],
  [
    "barman",
    {
      objects: "left right - hand shot1 - shot ingredient1 - ingredient dispenser1 - dispenser",
      initial:
        "(ontable shot1) (empty shot1) (clean shot1) (handempty left) (handempty right) (dispenses dispenser1 ingredient1)",
      goal: "(contains shot1 ingredient1)",
    },
  ],
  [
    "tyreworld",
    {
      objects: "boot - container the-hub - hub nuts - nut",
      initial: "(closed boot) (unlocked boot) (in wrench boot) (on-ground the-hub) (tight nuts the-hub)",
      goal: "(loose nuts the-hub)",
    },
  ],
]);

/** A small world of a game, for the worked example; undefined when there is no such game. */
export function pddlExampleWorld(name: string): Environment | undefined {
  const game = GAMES.find((each) => each.name === name);
  const problem = PROBLEMS.get(name);
  if (game === undefined || problem === undefined) return undefined;
  const { objects, initial, goal } = problem;
  const text = `(define (problem example) (:domain ${name}) (:objects ${objects}) (:init ${initial}) (:goal (and ${goal})))`;
  return createPddlEnvironment(game, parseProblem(text, game.domain));
}
