/** A line of text without its line feed; undefined when it is longer than what may be held. */
export type TextLine = string | undefined;

/**
 * The lines of text that arrives in pieces. Of a line that is longer than `longest` characters nothing is held; it
 * costs itself and none of the lines after it.
 */
export async function* textLines(
  pieces: AsyncIterable<string> | Iterable<string>,
  longest: number,
): AsyncGenerator<TextLine> {
  let parts: string[] = [];
  let length = 0;
  const take = (part: string): void => {
    length += part.length;
    if (length > longest) parts = [];
    else parts.push(part);
  };
  const release = (): TextLine => {
    const line = length > longest ? undefined : parts.join("");
    parts = [];
    length = 0;
    return line;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf("\n"); end !== -1; end = piece.indexOf("\n", start)) {
      take(piece.slice(start, end));
      yield release();
      start = end + 1;
    }
    take(piece.slice(start));
  }
  if (length > 0) yield release();
}
