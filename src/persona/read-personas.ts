import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { AgentRefineError } from "../errors.ts";
import { byteLines, decompressed, readingError } from "../lines.ts";
import { type Persona, toPersona } from "./persona.ts";

/** The longest line that is read, in bytes. */
const LONGEST_LINE = 1024 * 1024;

/** The longest persona, in UTF-16 units. Persona Hub's are about 100 long; a persona is a part of every prompt. */
const LONGEST_PERSONA = 4000;

const BYTE_ORDER_MARK = /^\uFEFF/;
const UTF_16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** U+FFFD, which decoding puts in the place of bytes that are not UTF-8, and halves of surrogate pairs. */
const NOT_UNICODE = /\uFFFD|\p{Surrogate}/u;

/** Nothing but space and characters that nobody sees, such as zero-width spaces and the blank of Braille. */
const INVISIBLE = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]*$/u;

/**
 * How personas are written in a file: a JSON object a line if the first line that is not empty begins with `{`, else a
 * text a line.
 */
type PersonaForm = "jsonl" | "plain";

type ParsedLine = { readonly persona: Persona } | { readonly problem: string };

/** A line of a source: its persona, or in words why it has none. `line` counts from 1, empty lines too. */
export type PersonaLine = { readonly line: number } & ParsedLine;

export interface ReadPersonasOptions {
  /** What the source is called in errors; its path when not given. */
  readonly name?: string;
  /** Where a JSON object has its persona; `persona` when not given, as in Persona Hub. */
  readonly field?: string;
}

function fieldOf(line: string, field: string): { readonly value: unknown } | { readonly problem: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { problem: "is not valid JSON" };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return { problem: "is not a JSON object" };
  }
  const own = new Map<string, unknown>(Object.entries(parsed));
  return own.has(field) ? { value: own.get(field) } : { problem: `has no field ${JSON.stringify(field)}` };
}

function isObjectLine(line: string, field: string): boolean {
  return line.startsWith("{") && "value" in fieldOf(line, field);
}

function parseLine(line: string, form: PersonaForm, field: string): ParsedLine {
  if (form === "plain" && isObjectLine(line, field))
    return { problem: "is JSON between lines of plain text" };
  const read = form === "plain" ? { value: line } : fieldOf(line, field);
  if ("problem" in read) return read;
  if (typeof read.value !== "string")
    return { problem: `has a field ${JSON.stringify(field)} that is not text` };
  if (NOT_UNICODE.test(read.value)) return { problem: "is not valid UTF-8" };
  if (CONTROL.test(read.value)) return { problem: "holds a control character" };
  const persona = toPersona(read.value);
  if (INVISIBLE.test(persona.text)) return { problem: "has an empty persona" };
  if (persona.text.length > LONGEST_PERSONA) {
    return { problem: `has a persona of ${persona.text.length} characters, more than ${LONGEST_PERSONA}` };
  }
  return { persona };
}

function isJsonText(line: string): boolean {
  try {
    return line.startsWith('"') && typeof JSON.parse(line) === "string";
  } catch {
    return false;
  }
}

/** Whether a line is the head of a table with a column for the personas. */
function isTableHead(line: string, field: string): boolean {
  const names = line.split(/[,;\t]/).map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .toLowerCase(),
  );
  return names.includes(field.toLowerCase());
}

/**
 * Refuses a source whose first lines are neither JSON objects nor text, before its lines are bought as personas.
 *
 * @param second the second line that is not empty
 */
function refuseOtherForms(first: string, second: string | undefined, name: string, field: string): void {
  const refuse = (problem: string, fix: string): never => {
    throw new AgentRefineError(`cannot read ${name}: ${problem}`, { fix });
  };
  const example = JSON.stringify({ [field]: "…" });
  if (/^\[\s*(?:$|[[\]{"])/.test(first)) {
    refuse("it is a JSON array, not JSON lines", `Write one object a line: jq -c '.[]' ${name}`);
  }
  if (isJsonText(first)) {
    refuse(
      "its lines are quoted texts",
      `Write ${example} on each line, or the text without quotes: jq -r .`,
    );
  }
  if (isTableHead(first, field)) {
    refuse(
      "it is a table, with a head",
      `Write the column ${field} alone, a line each, or lines such as ${example}.`,
    );
  }
  if (second !== undefined && isObjectLine(second, field)) {
    refuse("its first line is not JSON, and the next one is", "Correct the first line, or take it away.");
  }
  if (/"\s*\}$/.test(first)) refuse("its first line is the end of a JSON object", "Give the whole line.");
}

interface TextLine {
  readonly line: number;
  /** Trimmed; undefined when it is too long. */
  readonly text: string | undefined;
}

async function* textLines(source: Readable, name: string): AsyncGenerator<TextLine, void, undefined> {
  for await (const { number: line, bytes } of byteLines(decompressed(source), LONGEST_LINE)) {
    if (line === 1 && UTF_16.some((mark) => bytes?.subarray(0, 2).equals(mark))) {
      throw new AgentRefineError(`cannot read ${name}: it is written in UTF-16`, {
        fix: "Save it as UTF-8.",
      });
    }
    const text = bytes?.toString("utf8").replace(BYTE_ORDER_MARK, "").trim();
    if (text !== "") yield { line, text };
  }
}

/**
 * Reads personas as a stream, from a file or from a stream such as the standard input: JSON lines or plain
 * lines, compressed with gzip or not, with any line ends. Memory does not grow with the source. Empty lines are left
 * out; lines that hold no persona are values, not errors. An AgentRefineError when the source cannot be read, or is
 * something else: a JSON array, a table, quoted texts, or JSON lines of which the first is torn or a comment.
 */
export async function* readPersonas(
  source: string | Readable,
  options: ReadPersonasOptions = {},
): AsyncGenerator<PersonaLine, void, undefined> {
  const name = options.name ?? (typeof source === "string" ? source : "the standard input");
  const field = options.field ?? "persona";
  const parsed = ({ line, text }: TextLine, form: PersonaForm): PersonaLine =>
    text === undefined
      ? { line, problem: `is longer than ${LONGEST_LINE} bytes` }
      : { line, ...parseLine(text, form, field) };
  try {
    const lines = textLines(typeof source === "string" ? createReadStream(source) : source, name);
    let form: PersonaForm | undefined;
    /** A first line that does not begin as JSON waits for the next, which shows what it is. */
    let first: (TextLine & { readonly text: string }) | undefined;
    for await (const { line, text } of lines) {
      if (form === undefined && text !== undefined && first === undefined && !text.startsWith("{")) {
        first = { line, text };
        continue;
      }
      if (first !== undefined) {
        refuseOtherForms(first.text, text, name, field);
        form = "plain";
        yield parsed(first, form);
        first = undefined;
      }
      if (text !== undefined) form ??= "jsonl";
      yield parsed({ line, text }, form ?? "plain");
    }
    if (first === undefined) return;
    refuseOtherForms(first.text, undefined, name, field);
    yield parsed(first, "plain");
  } catch (error) {
    throw readingError(error, name);
  }
}
