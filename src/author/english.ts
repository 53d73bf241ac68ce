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

/** The text with a capital at its beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Small numbers in words. */
export function numberWord(number: number): string {
  return ["no", "one", "two", "three", "four", "five", "six"][number] ?? String(number);
}

/** "on the desk", "in the drawer": where something is when it is at the fixture. */
export function atFixture(world: World, name: string): string {
  const fixture = world.fixtures.get(name);
  const preposition =
    fixture?.kind === "surface" || fixture?.kind === "container" ? fixture.preposition : "at";
  return `${preposition} the ${name}`;
}

/** A deed as an infinitive, in plain words: "take the blue mug from the shelf". */
export function deedWords(world: World, deed: Deed): string {
  const [thing = "", other = "", third = ""] = deed.names;
  switch (deed.operation) {
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
      return `${world.task.work?.verb ?? "treat"} the ${thing} ${world.fixtures.get(other)?.preposition ?? "at"} the ${other}`;
    case "fit":
      return `fit the ${thing} in the ${other} with the ${third}`;
    case "set":
      return `${world.task.sequence?.verb ?? "work"} the ${thing}`;
    case "answer":
      return `report "${thing}"`;
    default:
      return `${deed.operation} the ${thing}`;
  }
}
