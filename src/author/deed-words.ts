import type { Deed } from "./phrase.ts";
import type { World } from "./world.ts";

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
