import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { AgentRefineError } from "../errors.ts";
import { boundedLines } from "./bounded-lines.ts";
import { type PersonaForm, parsePersonaLine } from "./parse-persona-line.ts";
import type { Persona } from "./persona.ts";
import { readingError } from "./reading-error.ts";
import { unzipped } from "./unzipped.ts";

/** The longest line that is read, in bytes. */
const LONGEST_LINE = 1024 * 1024;

const BYTE_ORDER_MARK = /^\uFEFF/;
const UTF_16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** A line of a source: its persona, or in words why it has none. `line` counts from 1, empty lines too. */
export type PersonaLine =
  | { readonly line: number; readonly persona: Persona }
  | { readonly line: number; readonly problem: string };

/** How personas are read. */
export interface ReadPersonasOptions {
  /** What the source is called in errors; its path when not given. */
  readonly name?: string;
  /** Where a JSON object has its persona; `persona` when not given, as in Persona Hub. */
  readonly field?: string;
  /** When not given: `jsonl` if the first line that is not empty begins with `{`, else `plain`. */
  readonly form?: PersonaForm;
}

async function* readLines(
  source: Readable,
  name: string,
): AsyncGenerator<{ readonly number: number; readonly text: string | undefined }, void, undefined> {
  for await (const { number, bytes } of boundedLines(unzipped(source), LONGEST_LINE)) {
    if (number === 1 && UTF_16.some((mark) => bytes?.subarray(0, 2).equals(mark))) {
      throw new AgentRefineError(`cannot read ${name}: it is written in UTF-16`, {
        fix: "Save it as UTF-8.",
      });
    }
    const text = bytes?.toString("utf8");
    yield { number, text: number === 1 ? text?.replace(BYTE_ORDER_MARK, "") : text };
  }
}

/**
 * Reads personas as a stream, from a file or from a stream such as the standard input: JSON lines or plain
 * lines, packed with gzip or not, with any line ends. Memory does not grow with the source. Empty lines are left
 * out; lines that hold no persona are values, not errors. An AgentRefineError when the source cannot be read.
 */
export async function* readPersonas(
  source: string | Readable,
  options: ReadPersonasOptions = {},
): AsyncGenerator<PersonaLine, void, undefined> {
  const name = options.name ?? (typeof source === "string" ? source : "the standard input");
  const field = options.field ?? "persona";
  let form = options.form;
  try {
    const stream = typeof source === "string" ? createReadStream(source) : source;
    for await (const { number: line, text } of readLines(stream, name)) {
      if (text === undefined) {
        yield { line, problem: `is longer than ${LONGEST_LINE} bytes` };
        continue;
      }
      const trimmed = text.trim();
      if (trimmed === "") continue;
      form ??= trimmed.startsWith("{") ? "jsonl" : "plain";
      yield { line, ...parsePersonaLine(trimmed, form, field) };
    }
  } catch (error) {
    throw readingError(error, name);
  }
}
