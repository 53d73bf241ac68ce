import { parseProblem } from "../../pddl/problem.ts";
import { once } from "../../shipped.ts";
import type { Example, Guide } from "../guide.ts";
import { type Game, games, wordingOf } from "./games.ts";
import { createPddlWorld } from "./pddl-world.ts";

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
