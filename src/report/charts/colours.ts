/** A colour on light and on dark ground. */
interface Colour {
  readonly light: string;
  readonly dark: string;
}

// No light colour stands twice: what draws a chart knows by it which colour is meant. Colours for text and for marks
// have a contrast of 4.5 to their ground (WCAG 2 AA).
export const COLOURS = {
  ink: { light: "#1d1b18", dark: "#e7e4dd" },
  soft: { light: "#6b665d", dark: "#a09a8e" },
  line: { light: "#e4e0d7", dark: "#33353a" },
  accent: { light: "#2f5d8a", dark: "#8ab4dd" },
  error: { light: "#b4471f", dark: "#f0926b" },
  refine: { light: "#2c7a4b", dark: "#7cc894" },
  violet: { light: "#6d4a8f", dark: "#bf9fe0" },
  ochre: { light: "#85640d", dark: "#d9b95c" },
  teal: { light: "#17727a", dark: "#6cc5cc" },
  rose: { light: "#a33a63", dark: "#ee8fb2" },
  pale: { light: "#b9c7d6", dark: "#47586b" },
} as const satisfies Readonly<Record<string, Colour>>;

/** The ground on which charts stand in files. */
export const GROUND: Colour = { light: "#ffffff", dark: "#1d1f23" };

/** What is set beside each other takes these in turn. */
export const SERIES: readonly Colour[] = [
  COLOURS.accent,
  COLOURS.error,
  COLOURS.refine,
  COLOURS.violet,
  COLOURS.ochre,
  COLOURS.teal,
  COLOURS.rose,
];

/** The variables by which a page colours charts that were drawn for it, as CSS: light ones, and those for the dark. */
export function chartVariables(): string {
  const lines = (ground: keyof Colour): string =>
    Object.entries(COLOURS)
      .map(([name, colour]) => `--chart-${name}:${colour[ground]}`)
      .join(";");
  return `:root{${lines("light")}}\n@media (prefers-color-scheme:dark){:root{${lines("dark")}}}\n`;
}
