import { arrayObjects } from "./array-objects.ts";
import { textLines } from "./text-lines.ts";

/** A row of a file as a JSON value, or why there is none. */
export type JsonRow =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

/** How long one row may be, in characters. */
const MAXIMUM_ROW = 16_000_000;

function parsed(text: string): JsonRow {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: "is not JSON" };
  }
}

/** The text from its first character that is no space; `trimStart` takes a byte order mark for a space too. */
async function* withoutLeadingSpace(
  pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, undefined> {
  let isLeading = true;
  for await (const piece of pieces) {
    const text = isLeading ? piece.trimStart() : piece;
    if (text !== "") {
      isLeading = false;
      yield text;
    }
  }
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/**
 * The objects of a file of JSON Lines or of one JSON array, as other projects publish them, one after the other from
 * text that arrives in pieces; a file that begins with `[` is an array. Holds one row at a time. A bad line costs itself
 * only.
 *
 * @param name the file as the user is told of it
 * @throws AgentRefineError where an array cannot be read on
 */
export async function* readJsonRows(
  pieces: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<JsonRow> {
  const text = withoutLeadingSpace(pieces);
  const first = await text.next();
  if (first.done === true) return;
  const whole = startingWith(first.value, text);
  if (first.value.startsWith("[")) {
    for await (const object of arrayObjects(whole, MAXIMUM_ROW, name)) yield parsed(object);
    return;
  }
  for await (const line of textLines(whole, MAXIMUM_ROW)) {
    if (line === undefined) yield { problem: `has more than ${MAXIMUM_ROW} characters` };
    else if (line.trim() !== "") yield parsed(line);
  }
}
