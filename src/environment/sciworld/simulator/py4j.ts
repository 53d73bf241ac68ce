import * as z from "zod";

export const referenceSchema = z.object({ id: z.string() });

/** An object that lives in the JVM. */
export type Reference = Readonly<z.infer<typeof referenceSchema>>;

/** What a method of the JVM is called with; numbers are whole. */
export type Argument = string | number | boolean | Reference;

/** What a JVM answers to one command, in the protocol of py4j (0.10.3). */
export type Answer =
  | { readonly code: "value"; readonly value: string | number | boolean | undefined }
  | { readonly code: "object"; readonly id: string }
  /** A Java exception, which can be asked for its words. */
  | { readonly code: "exception"; readonly id: string }
  /** The command itself was wrong, such as a method that there is not. */
  | { readonly code: "refused"; readonly words: string };

/** Where py4j keeps its own server among the objects. */
export const GATEWAY_SERVER: Reference = { id: "GATEWAY_SERVER" };

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r" };

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_escape, letter: string) => ESCAPES[letter] ?? letter);
}

function argumentLine(argument: Argument): string {
  if (typeof argument === "string") return `s${escaped(argument)}`;
  if (typeof argument === "number") return `i${argument}`;
  if (typeof argument === "boolean") return `b${argument}`;
  return `r${argument.id}`;
}

/** A command as the lines that are sent. */
export type Command = readonly string[];

/** Calls a method of an object. */
export function callCommand(target: Reference, method: string, ...given: readonly Argument[]): Command {
  return ["c", target.id, method, ...given.map(argumentLine), "e"];
}

/** Makes an object of a class. */
export function makeCommand(className: string, ...given: readonly Argument[]): Command {
  return ["i", className, ...given.map(argumentLine), "e"];
}

/** Lets the JVM forget an object. */
export function forgetCommand({ id }: Reference): Command {
  return ["m", "d", id, "e"];
}

/** A list of texts, none of which has a line break, as one text: one request in place of one for each entry. */
export function joinCommand(list: Reference): Command {
  return callCommand({ id: "z:java.lang.String" }, "join", "\n", list);
}

const OBJECT_ID = /^o\d{1,12}$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:E-?\d+)?$/;

/** What a value's letter and text stand for; undefined when it is none that py4j writes. */
function readValue(letter: string, text: string): Answer | undefined {
  if (letter === "s") return { code: "value", value: unescaped(text) };
  if ((letter === "v" || letter === "n") && text === "") return { code: "value", value: undefined };
  if (letter === "b" && (text === "true" || text === "false")) {
    return { code: "value", value: text === "true" };
  }
  if ("idL".includes(letter) && NUMBER.test(text)) return { code: "value", value: Number(text) };
  if ("lr".includes(letter) && OBJECT_ID.test(text)) return { code: "object", id: text };
  return undefined;
}

/** Reads the line of an answer; undefined when it is not of the protocol. */
export function readAnswer(line: string): Answer | undefined {
  const [start, letter, text] = [line.slice(0, 2), line.charAt(2), line.slice(3)];
  if (start === "!y") return readValue(letter, text);
  if (start !== "!x") return undefined;
  if (letter === "r" && OBJECT_ID.test(text)) return { code: "exception", id: text };
  return { code: "refused", words: unescaped(letter === "s" ? text : line.slice(2)) };
}
