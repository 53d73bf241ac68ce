/** A place in a JSON value and what is unacceptable there. */
export interface HostilePart {
  readonly path: string;
  readonly problem: string;
}

/** How deep a script may nest, and how many keys and items it may have in all. */
export const MAXIMUM_DEPTH = 16;
export const MAXIMUM_NODES = 5000;
/** How long any one text of a script or a turn may be, in characters. */
export const MAXIMUM_TEXT = 8000;

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Why a text must not be accepted, or undefined: too long, control characters, half a character. */
export function textProblem(text: string): string | undefined {
  if (text.length > MAXIMUM_TEXT) {
    return `has ${text.length} characters, more than the ${MAXIMUM_TEXT} allowed`;
  }
  if (!text.isWellFormed()) return "holds half of a surrogate pair";
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 8) return "holds a backspace: in JSON, write \\\\b for the word boundary \\b";
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127) {
      return `holds the control character U+${code.toString(16).padStart(4, "0").toUpperCase()}`;
    }
  }
  return undefined;
}

interface OpenPart {
  readonly key: string;
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

function problemOf({ value, depth }: OpenPart): string | undefined {
  if (typeof value === "string") return textProblem(value);
  const nests = typeof value === "object" && value !== null;
  return nests && depth > MAXIMUM_DEPTH ? `is nested deeper than ${MAXIMUM_DEPTH} levels` : undefined;
}

function keyProblem(key: string): string | undefined {
  return FORBIDDEN_KEYS.has(key) ? "is a key that is not allowed" : textProblem(key);
}

function childrenOf({ value, path, depth }: OpenPart): OpenPart[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, child]) => ({
    key,
    value: child,
    path: `${path === "" ? "" : `${path} > `}${key}`.slice(0, 200),
    depth: depth + 1,
  }));
}

/** Finds the first part of a JSON value that no script may hold, whatever its place. Does not recurse. */
export function findHostile(root: unknown): HostilePart | undefined {
  const open: OpenPart[] = [{ key: "", value: root, path: "", depth: 0 }];
  let nodes = 0;
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    nodes += 1;
    const problem =
      nodes > MAXIMUM_NODES
        ? `has more than ${MAXIMUM_NODES} keys and items`
        : (keyProblem(part.key) ?? problemOf(part));
    if (problem !== undefined) return { path: part.path.replace(/[\p{Cc}\p{Cs}]/gu, "\ufffd"), problem };
    for (const child of childrenOf(part)) open.push(child);
  }
  return undefined;
}
