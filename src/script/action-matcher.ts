import { type Captures, compilePattern, type Pattern } from "./pattern.ts";
import { fillName, type NamePart, nameParts, placeholders } from "./placeholder.ts";
import type { Action } from "./script.ts";

/** How much work one action text may cost: program size times text length, summed over the actions. */
export const MAXIMUM_WORK = 2_000_000;

/** Says whether a player's action is one of the available actions with listed parameters. */
export interface ActionMatcher {
  /** The action that accepts the text, or undefined when none does. */
  match(text: string): Action | undefined;
}

interface CheckedAction {
  readonly action: Action;
  readonly pattern: Pattern;
  readonly parts: readonly NamePart[];
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

function prepare(action: Action): CheckedAction[] {
  const { pattern } = compilePattern(action.pattern);
  if (pattern === undefined) return [];
  const names = action.parameters.map(({ name }) => name);
  const values = new Map(action.parameters.map((parameter) => [parameter.name, new Set(parameter.values)]));
  return [{ action, pattern, parts: nameParts(action.name, names), values }];
}

/** Whether the text is the name with listed values in place of its placeholders. */
function followsName(parts: readonly NamePart[], values: CheckedAction["values"], text: string): boolean {
  let ends = new Set([0]);
  for (const part of parts) {
    const pieces = "literal" in part ? [part.literal] : [...(values.get(part.parameter) ?? [])];
    ends = new Set(
      [...ends].flatMap((end) =>
        pieces.filter((piece) => text.startsWith(piece, end)).map((piece) => end + piece.length),
      ),
    );
  }
  return ends.has(text.length);
}

/**
 * Whether every parameter has a listed value. What a parameter's value is, is said by the named group of its
 * name; or, in a pattern without named groups, by the group in the placeholder's place when there are as many
 * groups as placeholders; else by the name itself.
 */
function hasListedValues(
  { parts, values, pattern }: CheckedAction,
  captures: Captures,
  text: string,
): boolean {
  const isListed = (name: string, value: string | undefined): boolean =>
    value === undefined || (values.get(name)?.has(value.trim()) ?? false);
  if (pattern.names.length > 0) {
    return [...values.keys()].every((name) => isListed(name, captures.named.get(name)));
  }
  const order = placeholders(parts);
  if (captures.groups.length > 0 && captures.groups.length === order.length) {
    return order.every((name, index) => isListed(name, captures.groups[index]));
  }
  return order.length === 0 || followsName(parts, values, text);
}

/**
 * Prepares the available actions for matching. A text matches an action when the pattern accepts the whole
 * of it and every parameter has a listed value; the parameters of an action with a special format are not
 * checked (paper, footnote 1). Answers are remembered, since a streamed turn is verified again at the end.
 */
export function createActionMatcher(actions: readonly Action[]): ActionMatcher {
  const checked = actions.flatMap(prepare);
  const totalSize = checked.reduce((sum, { pattern }) => sum + pattern.size, 0);
  const known = new Map<string, Action | undefined>();
  const find = (text: string): Action | undefined => {
    if (totalSize * text.length > MAXIMUM_WORK) return undefined;
    return checked.find((candidate) => {
      const captures = candidate.pattern.match(text);
      if (captures === undefined) return false;
      return candidate.action.specialFormat !== undefined || hasListedValues(candidate, captures, text);
    })?.action;
  };
  return {
    match: (text) => {
      const trimmed = text.trim();
      if (!known.has(trimmed)) {
        if (known.size > 1000) known.clear();
        known.set(trimmed, find(trimmed));
      }
      return known.get(trimmed);
    },
  };
}

/** The name of an action filled with a listed value each, for every value of every parameter at least once. */
export function filledNames(action: Action): readonly string[] {
  const parts = nameParts(
    action.name,
    action.parameters.map(({ name }) => name),
  );
  const first = new Map(action.parameters.map(({ name, values }) => [name, values[0] ?? ""]));
  const texts = new Set([fillName(parts, first)]);
  for (const { name, values } of action.parameters) {
    for (const value of values) texts.add(fillName(parts, new Map(first).set(name, value)));
  }
  return [...texts];
}
