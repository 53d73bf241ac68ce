import * as z from "zod";
import type { Random } from "../random.ts";
import { shippedData } from "../shipped.ts";
import type { Deed } from "./phrase.ts";
import type { World } from "./world.ts";

/** Whether the name is spoken with a vowel at its beginning; only what the vocabulary needs. */
function beginsWithVowelSound(name: string): boolean {
  if (/^(?:uni|us[be]|uti|ura|eu|one)/.test(name)) return false;
  return /^(?:[aeiou]|hour|honest|heir|x-ray)/.test(name);
}

/** The name with its indefinite article: "a key", "an oven". */
export function withArticle(name: string): string {
  return `${beginsWithVowelSound(name) ? "an" : "a"} ${name}`;
}

/** A list in words: "a", "a and b", "a, b and c". */
export function joinWords(words: readonly string[], conjunction: "and" | "or" = "and"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** Things that are known, in words: "the key and the lamp". */
export function listOf(names: readonly string[], conjunction?: "and" | "or"): string {
  return joinWords(
    names.map((name) => `the ${name}`),
    conjunction,
  );
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function numberWord(number: number): string {
  return ["no", "one", "two", "three", "four", "five", "six"][number] ?? String(number);
}

/** "on the desk", "in the drawer": where something is when it is at the fixture. */
function atFixture(world: World, name: string): string {
  const fixture = world.fixtures.get(name);
  const isHolder = fixture?.kind === "surface" || fixture?.kind === "container";
  return `${isHolder ? fixture.preposition : "at"} the ${name}`;
}

/** A deed as an infinitive, in plain words: "take the blue mug from the shelf". */
export function deedWords(world: World, { operation, names }: Deed): string {
  const [thing = "", other = "", third = ""] = names;
  const { work, sequence } = world.task;
  switch (operation) {
    case "go":
      return `go to the ${thing}`;
    case "look":
      return "look around";
    case "take":
      return `take the ${thing} from the ${other}`;
    case "put":
      return `put the ${thing} ${atFixture(world, other)}`;
    case "unlock":
      return `unlock the ${other} with the ${thing}`;
    case "switch":
      return `switch on the ${thing}`;
    case "work":
      return `${work?.verb ?? "treat"} the ${thing} ${world.fixtures.get(other)?.preposition ?? "at"} the ${other}`;
    case "fit":
      return `fit the ${thing} in the ${other} with the ${third}`;
    case "set":
      return `${sequence?.verb ?? "work"} the ${thing}`;
    case "answer":
      return `report "${thing}"`;
    default:
      return `${operation} the ${thing}`;
  }
}

/** What fills the gaps of a sentence, by their names. */
export type Gaps = Readonly<Record<string, string>>;

export function filled(sentence: string, gaps: Gaps): string {
  return sentence.replace(/\{([a-z ]+)\}/gi, (gap, name: string) => {
    const words = gaps[name];
    if (words === undefined) throw new Error(`nothing fills ${gap} in "${sentence}"`);
    return words;
  });
}

/** What fills the gaps of a sentence about a deed, or about what stands in its way, in the room where the player is. */
export function gapsOf(world: World, room: string, deed: Deed): Gaps {
  const [thing = "", other = "", third = ""] = deed.names;
  const { work, defect, uses } = world.task;
  return {
    thing,
    other,
    third,
    room,
    place: atFixture(world, other),
    home: world.fixtures.get(thing)?.room ?? "",
    target: other === "" ? thing : other,
    corridor: world.theme.corridor,
    use: uses.get(thing) ?? "for the task",
    done: work?.done ?? "done",
    station: work?.station ?? "station",
    tool: defect?.tool ?? "other one",
    deed: deedWords(world, deed),
  };
}

const narration = shippedData("narration.json", z.record(z.string(), z.array(z.string()).min(1).readonly()));

/**
 * One of the ways to say what `data/narration.json` has under a name, or under one of several. Nothing is drawn where
 * there is only one.
 */
export function tell(what: string | readonly string[], gaps: Gaps, random: Random): string {
  const ways = [what].flat().flatMap((name) => {
    const found = narration()[name];
    if (found === undefined) throw new Error(`there are no words for "${name}"`);
    return found;
  });
  return filled(ways.length === 1 ? (ways[0] ?? "") : random.pick(ways), gaps);
}
