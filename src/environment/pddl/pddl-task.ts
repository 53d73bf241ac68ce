import type { Problem } from "../../pddl/problem.ts";
import type { Difficulty, Task } from "../environment.ts";
import { solvePddl } from "./expert/solve.ts";
import type { Game } from "./games/game.ts";
import { createPddlEnvironment } from "./pddl-environment.ts";
import { actionText } from "./play/listing.ts";

/** A problem and what results say about it. */
export interface PddlTaskParts {
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
