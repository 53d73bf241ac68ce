import * as z from "zod";
import type { Random } from "../random.ts";
import { shippedData } from "../shipped.ts";

const words = z.array(z.string().min(1)).min(1).readonly();
const record = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).readonly();
const preposition = z.enum(["in", "on", "with", "at"]);

/** A room with what stands in it. Names are lower-case, singular, and fit after "in the". */
const roomSchema = record({
  name: z.string(),
  /** Open places to put things on. */
  surfaces: words,
  /** Things with a door or a lid, to keep things in. */
  containers: words,
});

/** Something that is done to an object at a station: washing in a sink, printing on a press. */
const treatmentSchema = record({
  verb: z.string(),
  /** The participle: "washed". */
  done: z.string(),
  station: z.string(),
  preposition,
  room: z.string(),
  /** Whether the station has to be switched on first. */
  switched: z.boolean(),
  objects: words,
});

/** A device that needs parts, and the tool to fit them with. */
const repairSchema = record({
  device: z.string(),
  room: z.string(),
  /** The parts that are missing. */
  parts: z.tuple([z.string(), z.string()]).readonly(),
  /** Parts that look alike and do not fit. */
  strays: words,
  tool: z.string(),
  /** What happens when it runs again: "starts to hum". */
  result: z.string(),
});

/** Things of one kind that show a number each. */
const inspectionSchema = record({
  /** Names of fixtures, one in each of the rooms of the same place. */
  things: words,
  rooms: words,
  /** What they show: "temperature". */
  quantity: z.string(),
  unit: z.string(),
  lowest: z.number(),
  highest: z.number(),
});

/** Controls that have to be worked in an order that a document gives. */
const procedureSchema = record({
  machine: z.string(),
  room: z.string(),
  verb: z.string(),
  controls: words,
  /** What tells the order: "instruction card". */
  document: z.string(),
  /** What happens at the end: "the kiln begins to glow". */
  result: z.string(),
});

/** Objects that are compared with an instrument. */
const measurementSchema = record({
  verb: z.string(),
  done: z.string(),
  instrument: z.string(),
  preposition,
  room: z.string(),
  unit: z.string(),
  /** What the greatest reading makes an object: "heaviest". */
  superlative: z.string(),
  lowest: z.number(),
  highest: z.number(),
  objects: words,
});

const themeSchema = record({
  name: z.string(),
  /** Beginnings of words in a persona that lead here. */
  words,
  /** What the whole is called: "neighbourhood bakery". */
  building: z.string(),
  /** What connects the rooms when they do not open into each other. */
  corridor: z.string(),
  rooms: z.array(roomSchema).min(4).readonly(),
  /** Things that can be carried. */
  objects: words,
  /** Words that tell like objects apart. */
  adjectives: words,
  keys: words,
  treatments: z.array(treatmentSchema).min(1).readonly(),
  repairs: z.array(repairSchema).min(1).readonly(),
  inspections: z.array(inspectionSchema).min(1).readonly(),
  procedures: z.array(procedureSchema).min(1).readonly(),
  measurements: z.array(measurementSchema).min(1).readonly(),
  /** Who asked for the task. */
  people: words,
  /** What the task is for: "the morning delivery". */
  occasions: words,
});

/** The vocabulary of one kind of place. All names are lower-case and singular. */
export type Theme = z.infer<typeof themeSchema>;

/** Every theme. */
export const themes: () => readonly Theme[] = shippedData("themes.json", z.array(themeSchema).readonly());

/** How often the words of a theme begin a word of the persona. */
function mentions(theme: Theme, persona: string): number {
  return theme.words.filter((word) => persona.includes(` ${word}`)).length;
}

function plainWords(text: string): string {
  return ` ${text.toLowerCase().replace(/[^a-z0-9]+/g, " ")} `;
}

/**
 * The name of the theme that a script's text is nearest to: the one whose place it names, else the one with most words in
 * it; undefined when it is near none.
 */
export function nearestTheme(text: string): string | undefined {
  const plain = plainWords(text);
  // Looking for a place is a hundredth of looking for all the words.
  const named = themes().find(({ building }) => plain.includes(` ${building} `));
  if (named !== undefined) return named.name;
  let [best, name]: [number, string | undefined] = [0, undefined];
  for (const theme of themes()) {
    const score = mentions(theme, plain);
    if (score > best) [best, name] = [score, theme.name];
  }
  return name;
}

/** The theme that the persona's words point to; any theme when they point nowhere. */
export function chooseTheme(persona: string, random: Random): Theme {
  const text = plainWords(persona);
  const scored = themes().map((theme) => ({ theme, score: mentions(theme, text) }));
  const best = Math.max(...scored.map(({ score }) => score));
  return random.pick(scored.filter(({ score }) => score === best).map(({ theme }) => theme));
}
