import { styleText } from "node:util";
import stringWidth from "string-width";
import * as z from "zod";
import * as flags from "../../config/flags.ts";
import { typed } from "../../config/setting.ts";
import type { Env } from "../../env.ts";
import { printable } from "../../printable.ts";
import type { Output } from "./host.ts";
import { piecesOfWidth } from "./table.ts";

/** Names of colours and styles, as `util.styleText` knows them. */
export type Style = Parameters<typeof styleText>[0];

/** Puts a style on a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/**
 * Whether a stream gets colours: not with NO_COLOR (https://no-color.org), always with FORCE_COLOR, else when
 * it is a terminal that has them.
 */
export function hasColours(output: Output, env: Env): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  return output.isTTY && env.TERM !== "dumb";
}

/** Colours for a stream. */
export function paintFor(output: Output, env: Env): Paint {
  if (!hasColours(output, env)) return (_style, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}

/** Where wrapped text may stand. Widths and indents are in columns of a terminal: most Chinese characters take two. */
interface WrapOptions {
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
  const whole = paragraph.trim();
  // What fits on a line keeps its spaces: they may stand for columns.
  if (stringWidth(whole) <= room) return [`${" ".repeat(indent)}${whole}`.trimEnd()];
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

/** Notes are sentences; on lines that are longer they are hard to read. */
const WIDEST_NOTE = 110;

/** The columns at which sentences are wrapped on a stream: nowhere unless it is a terminal. */
export function widthFor({ isTTY, columns }: Output): number {
  return isTTY ? Math.min(columns, WIDEST_NOTE) : Number.POSITIVE_INFINITY;
}

/** A name in camel case as it is typed: `--max-calls`. */
export function dashed(name: string): string {
  return `--${typed(name)}`;
}

const FLAGS: ReadonlySet<string> = new Set(
  Object.values(flags).flatMap((declared) =>
    declared instanceof z.ZodObject ? Object.keys(declared.shape) : [],
  ),
);

/** The library names an option by its name in quotes, 'maxTokens'; here it is a flag, --max-tokens. */
export function optionsAsFlags(text: string): string {
  return text.replace(/'([a-z][A-Za-z]*)'/g, (quoted, name: string) =>
    FLAGS.has(name) ? dashed(name) : quoted,
  );
}

/**
 * A text for a person on a stream, with options as flags: wrapped on a terminal, as it is elsewhere. A command behind its last colon is never
 * broken, so that it can be copied: where there is no room for it, it has a line of its own. Ends with a line break.
 */
export function noteText(words: string, output: Output): string {
  const text = optionsAsFlags(words);
  if (!output.isTTY) return `${text}\n`;
  const width = widthFor(output);
  const [, before, command] = /^(.*:) (agentrefine [^\n]*)$/s.exec(text) ?? [];
  if (before === undefined || command === undefined || stringWidth(text) <= width)
    return `${wrapText(text, { width, indent: 0 }).join("\n")}\n`;
  return `${wrapText(before, { width, indent: 0 }).join("\n")}\n  ${printable(command)}\n`;
}

/** Tells a person something, a sentence or a few, on a stream; `style` is put on its lines when they are wrapped. */
export function tell(output: Output, text: string, style: (text: string) => string = (line) => line): void {
  output.write(noteText(text, output).replace(/.+/g, style));
}
