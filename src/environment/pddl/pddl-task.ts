import type { GroundAction } from "../../pddl/ground-action.ts";
import { createPlanner, type SearchSettings } from "../../pddl/plan.ts";
import type { Problem } from "../../pddl/problem.ts";
import type { Difficulty, Task } from "../environment.ts";
import type { Game } from "./games.ts";
import { createPddlEnvironment } from "./pddl-environment.ts";
import { actionText } from "./play/describe.ts";

/** First any plan, then ever shorter ones. Episodes are short, so that a plan is worth little when it is long. */
const ATTEMPTS: readonly SearchSettings[] = [
  { nodes: 50_000 },
  { weight: 2, nodes: 500 },
  { weight: 1.5, nodes: 1500 },
];

/**
 * A plan for a problem of one of the games, short but not always the shortest; undefined when none was found.
 * The same problem always gives the same plan. Takes a tenth of a second for most problems of AgentBoard's size.
 */
export function solvePddl(problem: Problem): readonly GroundAction[] | undefined {
  const planner = createPlanner(problem);
  let best: readonly GroundAction[] | undefined;
  for (const attempt of ATTEMPTS) {
    const shorter = best === undefined ? {} : { shorterThan: best.length };
    const { plan } = planner.findPlan(problem.initial, problem.goal, { ...attempt, ...shorter });
    if (plan === undefined && best === undefined) return undefined;
    best = plan ?? best;
  }
  return best;
}

/** A problem and what results say about it. */
interface PddlTaskParts {
  readonly id: string;
  readonly game: Game;
  readonly difficulty: Difficulty | undefined;
  readonly problem: Problem;
}

/** A task of a problem, grouped by its game. */
export function createPddlTask({ id, game, difficulty, problem }: PddlTaskParts): Task {
  return {
    id,
    group: game.name,
    difficulty,
    createEnvironment: () => createPddlEnvironment(game, problem),
    solve: () => solvePddl(problem)?.map(actionText),
  };
}
