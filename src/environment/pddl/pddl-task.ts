import type { GroundAction } from "../../pddl/ground-action.ts";
import { createPlanner, type SearchSettings } from "../../pddl/plan.ts";
import { type Problem, parseProblem } from "../../pddl/problem.ts";
import { once } from "../../shipped.ts";
import { type Example, type Guide, instructionOf } from "../guide.ts";
import { type Difficulty, PROGRESS, SUCCESS, type Suite, type Task } from "../suite.ts";
import { worldOf } from "../world.ts";
import { type Game, games, wordingOf } from "./games.ts";
import { createPddlWorld } from "./pddl-world.ts";
import { actionText } from "./play/describe.ts";

const CHECK = { name: "check valid actions", description: "list what can be done now; costs a turn" };
const LOOK = {
  name: "look around",
  description: "see everything again and not only what has changed; costs a turn",
};

/** The worked example of a game; none is a task of the suites. */
function exampleOf(game: Game): Example {
  const { objects, initial, goal, turns } = game.example;
  const text = `(define (problem example) (:domain ${game.name}) (:objects ${objects}) (:init ${initial}) (:goal (and ${goal})))`;
  return { turns, createWorld: () => createPddlWorld(game, parseProblem(text, game.domain)) };
}

/** Actions are told as the world words them, so that what is told here is understood there. */
function guideOf(game: Game): Guide {
  const { world, player, tellsOnlyChanges } = game;
  const actions = game.actions.map(({ name, places, description }) => {
    const gaps = places.map((place) => `{${place}}`);
    return { name: wordingOf(name, gaps).trim(), description };
  });
  return {
    world,
    player,
    actions: [...actions, CHECK, ...(tellsOnlyChanges ? [LOOK] : [])],
    example: exampleOf(game),
  };
}

/** What players of the PDDL games are told, by the game's name. */
export const pddlGuides: () => ReadonlyMap<string, Guide> = once(
  () => new Map(games().map((game) => [game.name, guideOf(game)])),
);

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
    open: async () => worldOf(createPddlWorld(game, problem)),
    solve: async () => solvePddl(problem)?.map(actionText),
  };
}

/** The suite of such tasks; `problems` says where they come from. It knows AgentBoard's rules only. */
export function pddlSuite(tasks: readonly Task[], problems: string): Suite {
  return {
    name: "pddl",
    variant: { rules: "agentboard", problems, scoring: "goal facts", words: null },
    measures: [SUCCESS, PROGRESS],
    maxTurns: 30,
    tasks,
    instruction: ({ group }, start) => {
      const guide = pddlGuides().get(group);
      return guide && instructionOf(guide, start);
    },
  };
}
