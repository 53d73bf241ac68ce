import { readFileSync } from "node:fs";

/** The personas that come with the project, each also with a further sentence: more than 500 in all. */
export function somePersonas(): readonly string[] {
  const lines = readFileSync("data/personas.jsonl", "utf8").trim().split("\n");
  const texts = lines.map((line) => String(JSON.parse(line).persona));
  return [...texts, ...texts.map((text) => `${text} Winters are long there.`)];
}
