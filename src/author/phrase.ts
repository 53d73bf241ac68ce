import type { Random } from "../random.ts";
import type { Action } from "../script/script.ts";

/** What an action does in the world. */
export type Operation =
  | "go"
  | "look"
  | "examine"
  | "take"
  | "put"
  | "open"
  | "close"
  | "unlock"
  | "switch"
  | "work"
  | "fit"
  | "set"
  | "answer";

/** An operation before it is worded: its name with placeholders and what they may stand for. */
interface Slot {
  readonly operation: Operation;
  readonly name: string;
  readonly description: string;
  /** The values of each placeholder; first the thing that is handled, then where or with what. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly specialFormat?: string | undefined;
}

/** How one operation is worded in a world. */
interface Phrase {
  readonly operation: Operation;
  /** The action as the script lists it. */
  readonly action: Action;
  /** Takes an action's text apart at the placeholders. */
  readonly shape: RegExp;
}

/** The wording of a world: a phrase for each operation, in the order in which the script lists them. */
export type Wording = ReadonlyMap<Operation, Phrase>;

/** A player's action as the world understands it. */
export interface Deed {
  readonly operation: Operation;
  /** The handled thing first, then where or with what; the text of an answer. */
  readonly names: readonly string[];
}

const PLACEHOLDER = /(\{[a-z]+\})/;
const ANY_NAME = ["[a-z0-9 -]+", "[a-z0-9][a-z0-9 -]*", ".+", "[^,;]+"];

function rewrite(
  name: string,
  literal: (text: string) => string,
  placeholder: (name: string) => string,
): string {
  return name
    .split(PLACEHOLDER)
    .map((piece) => (PLACEHOLDER.test(piece) ? placeholder(piece.slice(1, -1)) : literal(piece)))
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Words a slot: short lists of values are now and then spelt out in the pattern. */
export function phraseOf(slot: Slot, random: Random): Phrase {
  const free = slot.specialFormat !== undefined;
  const short = Object.values(slot.values).every((values) => values.length <= 4);
  const style = random.pick(ANY_NAME);
  const listed = !free && short && random.chance(0.4);
  const group = (name: string): string => {
    if (free) return `(?P<${name}>.+)`;
    return `(?P<${name}>${listed ? (slot.values[name] ?? []).join("|") : style})`;
  };
  return {
    operation: slot.operation,
    action: {
      name: slot.name,
      description: slot.description,
      ...(slot.specialFormat === undefined ? {} : { specialFormat: slot.specialFormat }),
      pattern: rewrite(slot.name, escaped, group),
      parameters: free ? [] : Object.entries(slot.values).map(([name, values]) => ({ name, values })),
    },
    shape: new RegExp(`^${rewrite(slot.name, escaped, (name) => `(?<${name}>.+)`)}$`),
  };
}

/** The names of a name's placeholders, in order. */
export function placeholdersOf(name: string): readonly string[] {
  return [...name.matchAll(/\{([a-z]+)\}/g)].map((match) => match[1] ?? "");
}

/** The text of an action; its names in the order of {@link Deed}. */
export function formatDeed(wording: Wording, deed: Deed): string {
  const action = wording.get(deed.operation)?.action;
  if (action === undefined) return deed.operation;
  const order = action.specialFormat === undefined ? action.parameters.map(({ name }) => name) : [];
  return rewrite(
    action.name,
    (literal) => literal,
    (placeholder) => deed.names[Math.max(0, order.indexOf(placeholder))] ?? "",
  );
}

/** Understands an action's text, or gives undefined when no action has that form with listed parameters. */
export function readDeed(wording: Wording, text: string): Deed | undefined {
  for (const { operation, action, shape } of wording.values()) {
    const groups = shape.exec(text.trim());
    if (groups === null) continue;
    if (action.specialFormat !== undefined) return { operation, names: [groups[1] ?? ""] };
    const names = action.parameters.map(({ name }) => groups.groups?.[name] ?? "");
    if (action.parameters.every(({ values }, place) => values.includes(names[place] ?? ""))) {
      return { operation, names };
    }
  }
  return undefined;
}
