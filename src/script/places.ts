import { isFields } from "../model/call.ts";

/** A place or an object of a script's world, with what is in it. */
export interface Place {
  readonly name: string;
  /** What the script says of it, such as its information and its state, in the order of the script. */
  readonly facts: readonly (readonly [key: string, value: string])[];
  readonly inside: readonly Place[];
}

/** How deep a tree is read; models write four or five levels. */
const DEEPEST = 24;

function factText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The tree of places and objects of App. L as names, facts and what is inside: objects hold, all else is a fact. */
export function placesOf(tree: unknown, deepest: number = DEEPEST): readonly Place[] {
  if (!isFields(tree) || deepest === 0) return [];
  return Object.entries(tree).flatMap(([name, value]) => {
    if (!isFields(value)) return [];
    const facts = Object.entries(value).filter(([, fact]) => !isFields(fact));
    return {
      name,
      facts: facts.map(([key, fact]) => [key, factText(fact)] as const),
      inside: placesOf(value, deepest - 1),
    };
  });
}
