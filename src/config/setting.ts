import * as z from "zod";
import { AgentRefineError } from "../errors.ts";

/** The headings under which the help of a command has its flags, in their order. */
export const GROUPS = [
  "Personas",
  "Worlds",
  "Player",
  "Trajectories",
  "Data",
  "Rows",
  "Hub",
  "Training",
  "Machines",
  "Model",
  "Server",
  "Money",
  "Batches",
  "Retries",
  "Output",
] as const;

/** One of {@link GROUPS}. */
type Group = (typeof GROUPS)[number];

/** What is said of a setting beside its schema. */
interface About {
  readonly group: Group;
  /** What stands for its value in the help, such as `N`; undefined for one that is on or off. */
  readonly value?: string | undefined;
  /** One line that says what it is for; what holds when it is not given stands at its end, in brackets. */
  readonly help: string;
  /** Marks one that must be given: for every command, or for a new run or evaluation only. */
  readonly required?: "always" | "new";
  /** The name of its flag where that is not its key: `header` of `headers`. */
  readonly flag?: string;
  /** Whether the flag can be given several times. */
  readonly repeat?: true;
  /** Whether `--no-…` turns it off: because it is on by default, or because a config file can turn it on. */
  readonly canBeTurnedOff?: true;
  /** Reads the text of a flag, where its schema does not say how. */
  readonly read?: (text: string) => unknown;
}

type More = Omit<About, "group" | "value" | "help">;

const ABOUT = new WeakMap<z.ZodType, About>();

/** Declares a setting that may be left out: `setting(z.int(), "Model", "N", "Tokens of a reply [8192]")`. */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  group: Group,
  value: string | undefined,
  help: string,
  more: More = {},
): z.ZodExactOptional<Schema> {
  const optional = schema.exactOptional();
  ABOUT.set(optional, { group, value, help, ...more });
  return optional;
}

/** Declares a setting without which its command is refused. */
export function needed<Schema extends z.ZodType>(
  schema: Schema,
  group: Group,
  value: string | undefined,
  help: string,
): Schema {
  // A schema of its own, since others may use the one that was given.
  const own = schema.clone();
  ABOUT.set(own, { group, value, help, required: "always" });
  return own;
}

/** Declares a setting that has one of some values. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
  group: Group,
  help: string,
): z.ZodExactOptional<z.ZodEnum<{ [Each in Value]: Each }>> {
  return setting(z.enum(values), group, undefined, help);
}

/** Declares a setting that can only be turned on. */
export function marker(group: Group, help: string): z.ZodExactOptional<z.ZodBoolean> {
  return setting(z.boolean(), group, undefined, help);
}

/** Declares a setting that can be turned on and off. */
export function toggle(group: Group, help: string): z.ZodExactOptional<z.ZodBoolean> {
  return setting(z.boolean(), group, undefined, help, { canBeTurnedOff: true });
}

/** What was said of a setting. */
export function aboutOf(schema: unknown): About | undefined {
  return schema instanceof z.ZodType ? ABOUT.get(schema) : undefined;
}

/** The schema of a setting's value. */
export function valueSchema(schema: unknown): unknown {
  return schema instanceof z.ZodExactOptional ? schema.unwrap() : schema;
}

/** A key as it is typed, such as `base-url` for `baseUrl`. */
export function typed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `a`, `b` and `c` of a table, as its type names them. */
export function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  const keys: Key[] = [];
  for (const key in table) keys.push(key);
  return keys;
}

function refuse(text: string, expected: string): AgentRefineError {
  return new AgentRefineError(`"${text}" is not ${expected}`);
}

function boundsInWords(least: number, most: number): string {
  const isBounded = { below: least > Number.MIN_SAFE_INTEGER, above: most < Number.MAX_SAFE_INTEGER };
  if (isBounded.below && isBounded.above) return ` from ${least} to ${most}`;
  if (isBounded.below) return ` of at least ${least}`;
  return isBounded.above ? ` of at most ${most}` : "";
}

function readNumber(schema: z.ZodNumber, text: string): number {
  const { minValue, maxValue } = schema;
  const isWhole = schema.format === "safeint";
  const form = isWhole ? /^-?\d+$/ : /^-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?$/i;
  const read = schema.safeParse(form.test(text) ? Number(text) : undefined);
  if (read.success) return read.data;
  const bounds = boundsInWords(minValue ?? Number.NEGATIVE_INFINITY, maxValue ?? Number.POSITIVE_INFINITY);
  throw refuse(text, `a ${isWhole ? "whole " : ""}number${bounds}`);
}

function readObject(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse(text, "valid JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw refuse(text, "a JSON object");
}

/** Reads what was given once for a setting's flag. Throws AgentRefineError. */
export function readSetting(schema: unknown, text: string): unknown {
  const read = aboutOf(schema)?.read;
  if (read !== undefined) return read(text);
  const value = valueSchema(schema);
  if (value instanceof z.ZodNumber) return readNumber(value, text);
  if (value instanceof z.ZodRecord) return readObject(text);
  if (text.trim() === "") throw refuse(text, "a text");
  return text;
}
