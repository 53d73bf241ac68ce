import { type Fields, isFields } from "../model/call.ts";

interface HostilePart {
  readonly path: string;
  readonly problem: string;
}

/** How deep a script may nest, and how many keys and items it may have in all. */
export const MAXIMUM_DEPTH = 16;
export const MAXIMUM_NODES = 5000;
/** How long any one text of a script or a turn may be, in characters. */
export const MAXIMUM_TEXT = 8000;

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Nearly every text is of these characters alone, and is then harmless; this is the fastest test of it. */
const UNUSUAL = /[^ -~]/;

/** Why a text must not be accepted, or undefined: too long, control characters, half a character. */
export function textProblem(text: string): string | undefined {
  if (text.length > MAXIMUM_TEXT) {
    return `has ${text.length} characters, more than the ${MAXIMUM_TEXT} allowed`;
  }
  if (!UNUSUAL.test(text)) return undefined;
  if (!text.isWellFormed()) return "holds half of a surrogate pair";
  const control = CONTROL.exec(text)?.[0];
  if (control === undefined) return undefined;
  if (control === "\b") return "holds a backspace: in JSON, write \\\\b for the word boundary \\b";
  const digits = control.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase();
  return `holds the control character U+${digits}`;
}

function keyProblem(key: string): string | undefined {
  return FORBIDDEN_KEYS.has(key) ? "is a key that is not allowed" : textProblem(key);
}

/** A problem with the keys that lead to it, from the outside in. */
interface Found {
  readonly keys: readonly string[];
  readonly problem: string;
}

const TOO_MANY: Found = { keys: [], problem: `has more than ${MAXIMUM_NODES} keys and items` };

interface Count {
  nodes: number;
}

/** Recurses no deeper than {@link MAXIMUM_DEPTH}, and looks at no more than {@link MAXIMUM_NODES}. */
function visit(value: unknown, depth: number, count: Count): Found | undefined {
  if (typeof value === "string") return found(textProblem(value));
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > MAXIMUM_DEPTH) return found(`is nested deeper than ${MAXIMUM_DEPTH} levels`);
  if (Array.isArray(value)) return visitList(value, depth, count);
  return isFields(value) ? visitRecord(value, depth, count) : undefined;
}

function visitRecord(record: Fields, depth: number, count: Count): Found | undefined {
  const keys = Object.keys(record);
  count.nodes += keys.length;
  if (count.nodes > MAXIMUM_NODES) return TOO_MANY;
  for (const key of keys) {
    const inside = found(keyProblem(key)) ?? visit(record[key], depth + 1, count);
    if (inside !== undefined) return { ...inside, keys: [key, ...inside.keys] };
  }
  return undefined;
}

function visitList(list: readonly unknown[], depth: number, count: Count): Found | undefined {
  count.nodes += list.length;
  if (count.nodes > MAXIMUM_NODES) return TOO_MANY;
  for (let index = 0; index < list.length; index += 1) {
    const inside = visit(list[index], depth + 1, count);
    if (inside !== undefined) return { ...inside, keys: [String(index), ...inside.keys] };
  }
  return undefined;
}

function found(problem: string | undefined): Found | undefined {
  return problem === undefined ? undefined : { keys: [], problem };
}

/** The path is shown to people and models, so it is short and holds no control characters. */
function pathOf(keys: readonly string[]): string {
  return keys.join(" > ").slice(0, 200).toWellFormed().replace(new RegExp(CONTROL, "g"), "\ufffd");
}

/** Finds the first part of a JSON value that no script may hold, whatever its place. */
export function findHostile(root: unknown): HostilePart | undefined {
  const hostile = visit(root, 0, { nodes: 0 });
  return hostile && { path: pathOf(hostile.keys), problem: hostile.problem };
}
