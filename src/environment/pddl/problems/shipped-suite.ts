import type { Problem } from "../../../pddl/problem.ts";
import { factsOf } from "../../../pddl/state.ts";
import { hash32, type Random, randomFor } from "../../../random.ts";
import { once } from "../../../shipped.ts";
import type { Difficulty, Suite, Task } from "../../suite.ts";
import { type Game, type GameName, games } from "../games.ts";
import { createPddlTask, pddlSuite } from "../pddl-task.ts";
import { wantedFacts } from "../play/describe.ts";
import {
  generateBarmanProblem,
  generateBlockworldProblem,
  generateGripperProblem,
  generateTyreworldProblem,
} from "./generate.ts";

/** A fact with what tells the wanted ones from those at the start. */
interface MarkedFact {
  readonly mark: string;
  readonly objects: readonly string[];
}

function markedFacts(problem: Problem): readonly MarkedFact[] {
  return [
    ...factsOf(problem.initial).map(({ predicate, objects }) => ({ mark: `has ${predicate}`, objects })),
    ...wantedFacts(problem).map(({ predicate, terms }) => ({ mark: `wants ${predicate}`, objects: terms })),
  ];
}

function inColours({ mark, objects }: MarkedFact, colours: ReadonlyMap<string, number>): string {
  return [mark, ...objects.map((object) => colours.get(object))].join(" ");
}

/** Every object's colour, told apart further by the facts that it is in. */
function refine(
  facts: readonly MarkedFact[],
  colours: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const seen = new Map([...colours].map(([object, colour]) => [object, [String(colour)]]));
  for (const fact of facts) {
    const text = inColours(fact, colours);
    fact.objects.forEach((object, place) => void seen.get(object)?.push(`${place} ${text}`));
  }
  return new Map([...seen].map(([object, texts]) => [object, hash32(texts.sort().join("\n"))]));
}

/** How many objects are told apart. */
function countOf(colours: ReadonlyMap<string, number>): number {
  return new Set(colours.values()).size;
}

/**
 * A text that two problems share when they are the same but for the names of their objects. Each object is given a
 * colour by its types, and then by the colours of those that it stands in a fact with, again and again (Weisfeiler
 * and Leman, 1968); hence a few problems that are not the same may share it as well.
 */
export function problemShape(problem: Problem): string {
  const facts = markedFacts(problem);
  const { typesOf } = problem.universe;
  let colours: ReadonlyMap<string, number> = new Map(
    [...typesOf].map(([object, types]) => [object, hash32([...types].sort().join(" "))]),
  );
  for (let told = 0; told < countOf(colours); ) {
    told = countOf(colours);
    colours = refine(facts, colours);
  }
  return facts
    .map((fact) => inColours(fact, colours))
    .sort()
    .join("\n");
}

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

/** The shapes of the problems that ship, by their games. Working them out takes a while, and each training suite asks. */
const shippedShapes = once(
  () =>
    new Map(
      games().map((game) => {
        const met = new Set<string>();
        tasksOf(game, 0, "pddl problem", met);
        return [game.name, met] as const;
      }),
    ),
);

/** Problems of our own to train on: those that ship are not among them, not even under other names. */
export function createPddlTraining(seed: number): Suite {
  const tasks = games().flatMap((game) =>
    tasksOf(game, seed, "pddl training problem", new Set(shippedShapes().get(game.name))),
  );
  return pddlSuite(tasks, `own problems of seed ${seed} to train on`);
}
