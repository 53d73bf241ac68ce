import { AgentRefineError } from "../errors.ts";

/** Bounds of a number, both included. */
interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

function refuse(text: string, expected: string): AgentRefineError {
  return new AgentRefineError(`"${text}" is not ${expected}`);
}

function range({ least, most }: Bounds): string {
  if (least === undefined) return "";
  return most === undefined ? ` of at least ${least}` : ` from ${least} to ${most}`;
}

function isWithin(
  value: number,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Bounds,
): boolean {
  return value >= least && value <= most;
}

/** A parser of whole numbers. */
export function whole(bounds: Bounds = {}): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && isWithin(value, bounds)) return value;
    throw refuse(text, `a whole number${range(bounds)}`);
  };
}

/** A parser of numbers. */
export function number(bounds: Bounds = {}): (text: string) => number {
  return (text) => {
    const value = /^-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value) && isWithin(value, bounds)) return value;
    throw refuse(text, `a number${range(bounds)}`);
  };
}

/** A text that is not empty. */
export function text(input: string): string {
  if (input.trim() === "") throw refuse(input, "a text");
  return input;
}

/** A JSON object. */
export function jsonObject(input: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(input);
  } catch {
    throw refuse(input, "valid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refuse(input, "a JSON object");
  return Object.fromEntries(Object.entries(value));
}

/** A header as `[name, value]`. The value may be a secret, so no message shows it. */
export function header(input: string): readonly [string, string] {
  const [, name, value] = /^\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*:\s*(.*?)\s*$/.exec(input) ?? [];
  if (name !== undefined && value !== undefined && value !== "") return [name.toLowerCase(), value];
  throw new AgentRefineError('a header is given as "Name: value"');
}
