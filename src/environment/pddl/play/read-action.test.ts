import { describe, expect, test } from "vitest";
import type { ActionSchema } from "../../../pddl/domain.ts";
import { applicableActions, applyAction, type GroundAction } from "../../../pddl/ground-action.ts";
import type { Problem } from "../../../pddl/problem.ts";
import { formatAction } from "../../../pddl/testing/format-action.ts";
import { randomFor } from "../../../random.ts";
import { type Game, gameOf } from "../games.ts";
import {
  generateBarmanProblem,
  generateBlockworldProblem,
  generateGripperProblem,
  generateTyreworldProblem,
} from "../problems/generate.ts";
import { actionText, listActions } from "./describe.ts";
import { readAction } from "./read-action.ts";

const GENERATED = [
  [gameOf("gripper"), generateGripperProblem],
  [gameOf("blockworld"), generateBlockworldProblem],
  [gameOf("barman"), generateBarmanProblem],
  [gameOf("tyreworld"), generateTyreworldProblem],
] as const;

function schemasOf(game: Game): ReadonlyMap<string, ActionSchema> {
  return new Map(game.domain.actions.map((schema) => [schema.name, schema]));
}

/** Walks at random, and hands over each state's actions with a reader of texts in that state. */
function walk(
  game: Game,
  problem: Problem,
  visit: (actions: readonly GroundAction[], read: (text: string) => GroundAction | undefined) => void,
): void {
  const random = randomFor("read-action", game.name);
  let state = problem.initial;
  for (let i = 0; i < 200; i += 1) {
    const { verbs } = listActions(game, problem, state);
    const actions = applicableActions(problem, state).filter(
      ({ objects }) => new Set(objects).size === objects.length,
    );
    visit(actions, (text) => readAction(text, verbs, schemasOf(game), problem));
    state = applyAction(random.pick(actions), state, problem.universe);
  }
}

describe.each(GENERATED)("actions of a game", (game, generate) => {
  const problem = generate("p", "hard", randomFor("read-action", game.name));

  test(`${game.name}: every listed action is understood as itself, in any case and with a full stop`, () => {
    walk(game, problem, (actions, read) => {
      for (const action of actions) {
        const text = actionText(action);
        for (const variant of [text, text.toUpperCase(), `I will ${text.trim()}.`]) {
          const understood = read(variant);
          expect(understood && formatAction(understood)).toBe(formatAction(action));
        }
      }
    });
  });

  test(`${game.name}: so is its short form, the name and the objects`, () => {
    walk(game, problem, (actions, read) => {
      for (const action of actions) {
        const understood = read(`${action.schema.name} ${action.objects.join(", ")}`);
        expect(understood && formatAction(understood)).toBe(formatAction(action));
      }
    });
  });

  test(`${game.name}: the listing has each text once, in order, and the questions last`, () => {
    const { texts } = listActions(game, problem, problem.initial);
    const actions = texts.slice(0, game.tellsOnlyChanges ? -2 : -1);
    expect(actions).toEqual([...new Set(actions)].sort());
    expect(texts.slice(actions.length)).toEqual(
      game.tellsOnlyChanges ? ["check valid actions", "look around"] : ["check valid actions"],
    );
  });
});
