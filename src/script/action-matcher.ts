import {
  type Captures,
  type CompiledPattern,
  compilePattern,
  literalStart,
  type Pattern,
} from "./pattern.ts";
import type { Action, Parameter } from "./script.ts";

/** How much work one action text may cost: program size times text length, summed over the actions. */
export const MAXIMUM_WORK = 1_000_000;

/** Says whether a player's action is one of the available actions with listed parameters. */
export interface ActionMatcher {
  /** The action that accepts the text, or undefined when none does. */
  match(text: string): Action | undefined;
}

/** How many comparisons the name may cost when it decides; a name that needs more accepts nothing. */
const MAXIMUM_COMPARISONS = 20_000;

function valuesOf(parameters: readonly Parameter[], name: string): readonly string[] {
  return parameters.find((parameter) => parameter.name === name)?.values ?? [];
}

/** Whether the text is the name with listed values in place of its placeholders. */
function followsName(parts: readonly NamePart[], { parameters }: Action, text: string): boolean {
  let ends = new Set([0]);
  let comparisons = 0;
  for (const part of parts) {
    const pieces = "literal" in part ? [part.literal] : valuesOf(parameters, part.parameter);
    comparisons += ends.size * pieces.length;
    if (comparisons > MAXIMUM_COMPARISONS) return false;
    const next = new Set<number>();
    for (const end of ends) {
      for (const piece of pieces) if (text.startsWith(piece, end)) next.add(end + piece.length);
    }
    ends = next;
  }
  return ends.has(text.length);
}

function isListed(parameters: readonly Parameter[], name: string, value: string | undefined): boolean {
  return value === undefined || valuesOf(parameters, name).includes(value.trim());
}

/** Whether each parameter has a group of its name, which holds a listed value. */
function hasListedNames({ parameters }: Action, { names }: Pattern, { named }: Captures): boolean {
  return parameters.every(({ name }) => names.includes(name) && isListed(parameters, name, named.get(name)));
}

/** Whether there are as many groups as placeholders, and each holds a listed value of the one in its place. */
function hasListedPlaces({ parameters }: Action, { groups }: Captures, order: readonly string[]): boolean {
  const areInOrder = groups.length > 0 && groups.length === order.length;
  return areInOrder && order.every((name, index) => isListed(parameters, name, groups[index]));
}

/**
 * Whether every parameter has a listed value. What a parameter's value is, is said by the named group of its name;
 * or, in a pattern without named groups, by the group in the placeholder's place. Where these do not say it, or hold
 * something else, as greedy groups do and groups that are there for other reasons, the text must be the name with
 * listed values.
 */
function hasListedValues(action: Action, pattern: Pattern, captures: Captures, text: string): boolean {
  const hasNames = pattern.names.length > 0;
  if (hasNames && hasListedNames(action, pattern, captures)) return true;
  const parts = nameParts(
    action.name,
    action.parameters.map(({ name }) => name),
  );
  const order = placeholders(parts);
  if (!hasNames && (order.length === 0 || hasListedPlaces(action, captures, order))) return true;
  return followsName(parts, action, text);
}

/** An action whose pattern is compiled when a text first needs it. */
interface Candidate {
  readonly action: Action;
  /** With what every text begins that it accepts. */
  readonly start: string;
  compiled: CompiledPattern | undefined;
}

function accepts(action: Action, pattern: Pattern, text: string): boolean {
  if (action.specialFormat !== undefined) return pattern.accepts(text);
  const captures = pattern.match(text);
  return captures !== undefined && hasListedValues(action, pattern, captures, text);
}

/**
 * The work that the text was, or undefined when it is accepted. A pattern that cannot be compiled accepts nothing.
 */
function refuse(candidate: Candidate, text: string): number | undefined {
  if (!text.startsWith(candidate.start)) return 0;
  candidate.compiled ??= compilePattern(candidate.action.pattern);
  const { pattern } = candidate.compiled;
  if (pattern === undefined) return 0;
  const work = pattern.size * text.length;
  if (work > MAXIMUM_WORK) return work;
  return accepts(candidate.action, pattern, text) ? undefined : work;
}

/**
 * Prepares the available actions for matching. A text matches an action when the pattern accepts the whole
 * of it and every parameter has a listed value; the parameters of an action with a special format are not
 * checked (paper, footnote 1). Answers are remembered, since a streamed turn is verified again at the end.
 */
export function createActionMatcher(actions: readonly Action[]): ActionMatcher {
  const candidates = actions.map(
    (action): Candidate => ({ action, start: literalStart(action.pattern), compiled: undefined }),
  );
  const known = new Map<string, Action | undefined>();
  const find = (text: string): Action | undefined => {
    let work = 0;
    for (const candidate of candidates) {
      const refused = refuse(candidate, text);
      if (refused === undefined) return candidate.action;
      work += refused;
      if (work > MAXIMUM_WORK) return undefined;
    }
    return undefined;
  };
  return {
    match: (text) => {
      const trimmed = text.trim();
      const before = known.get(trimmed);
      if (before !== undefined || known.has(trimmed)) return before;
      if (known.size > 1000) known.clear();
      const found = find(trimmed);
      known.set(trimmed, found);
      return found;
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

/** A piece of an action's name: literal text, or a placeholder with the name of its parameter. */
type NamePart = { readonly literal: string } | { readonly parameter: string };

const PLACEHOLDER = /\{([^{}]+)\}|<([^<>]+)>|\[([^[\]]+)\]/g;

/**
 * Splits an action's name at its placeholders. `{object}` is always one, as in the paper's App. K; `<object>`
 * and `[object]`, which models write too, are placeholders when a parameter has that name.
 */
export function nameParts(name: string, parameters: readonly string[]): readonly NamePart[] {
  const parts: NamePart[] = [];
  let end = 0;
  for (const match of name.matchAll(PLACEHOLDER)) {
    const parameter = (match[1] ?? match[2] ?? match[3] ?? "").trim();
    if (match[1] === undefined && !parameters.includes(parameter)) continue;
    if (match.index > end) parts.push({ literal: name.slice(end, match.index) });
    parts.push({ parameter });
    end = match.index + match[0].length;
  }
  if (end < name.length) parts.push({ literal: name.slice(end) });
  return parts;
}

/** The names of the placeholders of an action's name, each once, in order. */
export function placeholders(parts: readonly NamePart[]): readonly string[] {
  return [...new Set(parts.flatMap((part) => ("parameter" in part ? [part.parameter] : [])))];
}

export function fillName(parts: readonly NamePart[], values: ReadonlyMap<string, string>): string {
  return parts
    .map((part) => ("literal" in part ? part.literal : (values.get(part.parameter) ?? "")))
    .join("");
}
