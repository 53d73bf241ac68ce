import stringWidth from "string-width";
import { printable } from "../../printable.ts";
import { piecesOfWidth } from "./table.ts";

/** Where wrapped text may stand. Widths and indents are in columns of a terminal: most Chinese characters take two. */
export interface WrapOptions {
  readonly width: number;
  /** Spaces before the first line of each paragraph. */
  readonly indent: number;
  /** Spaces before the lines that continue a paragraph; as `indent` when not given. */
  readonly hanging?: number;
}

const LEAST_ROOM = 10;

function wrapParagraph(
  paragraph: string,
  { width, indent, hanging = indent }: WrapOptions,
): readonly string[] {
  const words = paragraph.split(/ +/).filter((word) => word !== "");
  const room = Math.max(width - Math.max(indent, hanging), LEAST_ROOM);
  const lines: string[] = [];
  let line = "";
  let length = 0;
  for (const piece of words.flatMap((word) => piecesOfWidth(word, room))) {
    const more = stringWidth(piece);
    if (line !== "" && length + 1 + more > room) {
      lines.push(line);
      line = "";
      length = 0;
    }
    length += line === "" ? more : more + 1;
    line = line === "" ? piece : `${line} ${piece}`;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines.map((each, place) => `${" ".repeat(place === 0 ? indent : hanging)}${each}`.trimEnd());
}

/**
 * A text as printable lines of at most `width` columns, broken between words, and within a word only when it
 * does not fit on a line. A line break in the text begins a paragraph, whose own indentation is kept.
 */
export function wrapText(text: string, options: WrapOptions): readonly string[] {
  return printable(text)
    .split("\n")
    .flatMap((paragraph, place) => {
      const own = place === 0 ? 0 : Math.min(paragraph.search(/[^ ]|$/), Math.floor(options.width / 4));
      const base = place === 0 ? options.indent : (options.hanging ?? options.indent);
      const indent = base + own;
      const hanging = (options.hanging ?? options.indent) + own;
      return wrapParagraph(paragraph, { width: options.width, indent, hanging });
    });
}
