import { createActionMatcher } from "../script/action-matcher.ts";
import { placesOf } from "../script/places.ts";
import type { Script } from "../script/script.ts";

/** Turns whose actions are matched; a dialogue that is longer is no use of a script. */
const MOST_MATCHED = 1000;

/** What of a turn tells which action it used. */
export type UsedTurn = { readonly role: "DM" } | { readonly role: "Player"; readonly action: string };

/** A script with the turns in which each of its actions was used. */
export function shownScript(script: Script, turns: readonly UsedTurn[]) {
  const matcher = createActionMatcher(script.actions);
  const used = new Map<string, number[]>();
  for (const [number, turn] of turns.slice(0, MOST_MATCHED).entries()) {
    if (turn.role !== "Player") continue;
    const action = matcher.match(turn.action);
    if (action !== undefined) used.set(action.name, [...(used.get(action.name) ?? []), number]);
  }
  return {
    goal: script.goal,
    initialState: script.initialState,
    player: script.player,
    conditions: script.completionConditions,
    places: placesOf(script.placesAndObjects),
    /** With the player's turns that each accepts. */
    actions: script.actions.map((action) => ({ ...action, usedIn: used.get(action.name) ?? [] })),
    /** What the model thought before it wrote the script. */
    thought: script.thought,
  };
}

/** A script as it stands beside its dialogue. */
export type ShownScript = ReturnType<typeof shownScript>;
