import { styleText } from "node:util";
import type { Env, Output } from "./host.ts";

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
