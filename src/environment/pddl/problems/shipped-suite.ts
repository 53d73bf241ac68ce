import type { Problem } from "../../../pddl/problem.ts";
import { type Random, randomFor } from "../../../random.ts";
import type { Difficulty, Suite, Task } from "../../suite.ts";
import { type Game, type GameName, games } from "../games.ts";
import { createPddlTask, pddlSuite } from "../pddl-task.ts";
import {
  generateBarmanProblem,
  generateBlockworldProblem,
  generateGripperProblem,
  generateTyreworldProblem,
} from "./generate.ts";
import { problemShape } from "./problem-shape.ts";

/** Makes a problem; the same stream of draws gives the same problem. */
type Generate = (name: string, difficulty: Difficulty, random: Random) => Problem;

const GENERATORS: Readonly<Record<GameName, Generate>> = {
  gripper: generateGripperProblem,
  blockworld: generateBlockworldProblem,
  barman: generateBarmanProblem,
  tyreworld: generateTyreworldProblem,
};

/** How many problems of each difficulty a game has: 60 in all, as many as AgentBoard's suite. */
const COUNTS: readonly (readonly [Difficulty, number])[] = [
  ["easy", 8],
  ["hard", 7],
];

/** Small games have few problems that are not the same under other names: after so many draws there is none left. */
const DRAWS = 200;

/** The first problem that a stream of draws gives whose shape has not been met, which is then noted in `met`. */
function generateNew(
  generate: (random: Random) => Problem,
  random: Random,
  met: Set<string>,
): Problem | undefined {
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const problem = generate(random);
    const shape = problemShape(problem);
    if (met.has(shape)) continue;
    met.add(shape);
    return problem;
  }
  return undefined;
}

/** Tasks of a game whose problems have not been met, as far as there are any. */
function tasksOf(game: Game, seed: number, purpose: string, met: Set<string>): readonly Task[] {
  const generate = GENERATORS[game.name];
  return COUNTS.flatMap(([difficulty, count]) =>
    Array.from({ length: count }, (_, i): readonly Task[] => {
      const id = `${game.name}/${difficulty}-${i + 1}`;
      const random = randomFor(seed, id, purpose);
      const problem = generateNew((draws) => generate(id, difficulty, draws), random, met);
      return problem === undefined ? [] : [createPddlTask({ id, game, difficulty, problem })];
    }).flat(),
  );
}

/**
 * Problems of our own, generated from a seed; no two are the same, not even under other names. Those of the seed 0
 * ship: a test proves that each can be solved in 30 actions. With another seed all can be solved, but nobody has
 * counted the actions.
 */
export function createShippedPddlSuite(seed = 0): Suite {
  const tasks = games().flatMap((game) => tasksOf(game, seed, "pddl problem", new Set()));
  return pddlSuite(tasks, `own problems of seed ${seed}`);
}

/** Problems of our own to train on: those that ship are not among them, not even under other names. */
export function createPddlTraining(seed: number): Suite {
  const tasks = games().flatMap((game) => {
    const met = new Set<string>();
    tasksOf(game, 0, "pddl problem", met);
    return tasksOf(game, seed, "pddl training problem", met);
  });
  return pddlSuite(tasks, `own problems of seed ${seed} to train on`);
}
