import { type Persona, toPersona } from "./persona.ts";

/** How personas are written in a file: a JSON object a line, or a text a line. */
export type PersonaForm = "jsonl" | "plain";

/** A line's persona, or in words why it has none. */
export type ParsedLine = { readonly persona: Persona } | { readonly problem: string };

/** The longest persona, in UTF-16 units. Persona Hub's are about 100 long; a persona is a part of every prompt. */
const LONGEST_PERSONA = 4000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** U+FFFD, which decoding puts in the place of bytes that are not UTF-8, and halves of surrogate pairs. */
const NOT_UNICODE = /\uFFFD|\p{Surrogate}/u;

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

/** Reads the persona of a line that is not empty; `field` names where a JSON object has it. */
export function parsePersonaLine(line: string, form: PersonaForm, field: string): ParsedLine {
  const read = form === "plain" ? { value: line } : fieldOf(line, field);
  if ("problem" in read) return read;
  if (typeof read.value !== "string")
    return { problem: `has a field ${JSON.stringify(field)} that is not text` };
  if (NOT_UNICODE.test(read.value)) return { problem: "is not valid UTF-8" };
  if (CONTROL.test(read.value)) return { problem: "holds a control character" };
  const persona = toPersona(read.value);
  if (persona.text === "") return { problem: "has an empty persona" };
  if (persona.text.length > LONGEST_PERSONA) {
    return { problem: `has a persona of ${persona.text.length} characters, more than ${LONGEST_PERSONA}` };
  }
  return { persona };
}
