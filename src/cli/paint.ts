import { styleText } from "node:util";
import type { Environment, Output } from "./world.ts";

/** Names of colours and styles, as `util.styleText` knows them. */
export type Style = Parameters<typeof styleText>[0];

/** Puts a style on a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/**
 * Whether a stream gets colours: not with NO_COLOR (https://no-color.org), always with FORCE_COLOR, else when
 * it is a terminal that has them.
 */
export function hasColours(output: Output, environment: Environment): boolean {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== "") return false;
  return output.isTTY && environment.TERM !== "dumb";
}

/** Colours for a stream. */
export function paintFor(output: Output, environment: Environment): Paint {
  if (!hasColours(output, environment)) return (_style, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}
