import type { Random } from "../random.ts";

/** The JSON text with one of the slips that models make: a quote not escaped, a comma or a quote left out. */
export function breakJson(text: string, random: Random): string {
  const broken = random.pick([
    text.replace(/": "(\w+) /, '": "the "$1" '),
    text.replace(/",(\s*")/, '"$1'),
    text.replace(/": "/, '": '),
  ]);
  return broken === text ? text.slice(0, -1) : broken;
}

/** The JSON text as a chat model may wrap it. */
export function wrapInProse(text: string, what: string, random: Random): string {
  const fenced = `\`\`\`json\n${text}\n\`\`\``;
  return random.pick([fenced, `Here is the ${what}:\n\n${fenced}`, `Here is the ${what}.\n\n${text}`]);
}
