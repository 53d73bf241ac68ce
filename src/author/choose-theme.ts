import type { Random } from "../random.ts";
import type { Theme } from "./theme.ts";
import { THEMES } from "./themes/themes.ts";

/** How often the words of a theme begin a word of the persona. */
function mentions(theme: Theme, persona: string): number {
  return theme.words.filter((word) => persona.includes(` ${word}`)).length;
}

/** The theme that the persona's words point to; any theme when they point nowhere. */
export function chooseTheme(persona: string, random: Random): Theme {
  const text = ` ${persona.toLowerCase().replace(/[^a-z0-9]+/g, " ")} `;
  const scored = THEMES.map((theme) => ({ theme, score: mentions(theme, text) }));
  const best = Math.max(...scored.map(({ score }) => score));
  return random.pick(scored.filter(({ score }) => score === best).map(({ theme }) => theme));
}
