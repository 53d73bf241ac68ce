import { splitReasoning } from "../model/reasoning.ts";
import { JsonScanner } from "./json-scanner.ts";

/** The one JSON object found in a reply, or why there is none. */
export type ExtractedJson = { readonly value: unknown } | { readonly problem: string };

/**
 * Takes the one JSON object out of a reply. A code fence and words around it are harmless; a second object is
 * not, because nobody can say which one was meant. Nothing is repaired: repair silently turns `\d+` into `d+`
 * inside a regular expression.
 */
export function extractJsonObject(reply: string): ExtractedJson {
  const { text, open } = splitReasoning(reply);
  const start = text.indexOf("{");
  if (start === -1) {
    return { problem: `there is no JSON object in the reply${open ? ", which ends in its reasoning" : ""}` };
  }
  const end = new JsonScanner().scan(text, start);
  if (end === -1) return { problem: "the JSON object is not closed; the reply may have been cut off" };
  if (text.includes("{", end + 1)) {
    return { problem: "there is more than one JSON object, or text with braces beside it" };
  }
  try {
    return { value: JSON.parse(text.slice(start, end + 1)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "it cannot be parsed" };
  }
}
