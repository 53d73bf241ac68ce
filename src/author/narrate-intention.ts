import type { Random } from "../random.ts";
import { atFixture, capitalised, deedWords, joinWords, tell } from "./english.ts";
import type { Intention } from "./intend.ts";
import type { Deed } from "./phrase.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

function useOf(world: World, item: string): string {
  return world.task.uses.get(item) ?? "for the task";
}

function searching(world: World, play: Play, { deed, sought: item = "" }: Intention, random: Random): string {
  const use = useOf(world, item);
  const hint = world.task.hints.find((one) => one.item === item);
  const [goal = ""] = deed.names;
  if (deed.operation !== "go")
    return tell(hint?.fixture === goal ? "open-hinted" : "search-inside", { item, goal, use }, random);
  if (hint === undefined || hint.room === play.room)
    return tell("search-elsewhere", { item, use, goal, room: play.room }, random);
  const way =
    goal === hint.room ? "so that is where I should look" : `and the way there leads through the ${goal}`;
  return tell("search-hinted-room", { item, use, room: hint.room, way }, random);
}

/** What the measuring has shown, when the item is the one that was looked for. */
function comparison(world: World, item: string): string {
  const { work } = world.task;
  const reading = work?.readings.get(item);
  if (work === undefined || reading === undefined) return "";
  const others = [...work.readings]
    .filter(([name]) => name !== item)
    .map(([name, value]) => `the ${name} to ${value}`);
  return `The ${item} came to ${reading}, ${joinWords(others)}; so it is the ${item} that has to be delivered. `;
}

/** Deeds for which there are reasons to go of their own, beside those for all. */
const REASONS_TO_GO: ReadonlySet<Deed["operation"]> = new Set(["take", "put", "work", "unlock"]);

function going(world: World, play: Play, room: string, towards: Deed | undefined, random: Random): string {
  if (towards === undefined) return `The next thing to do is in another place, so I go to the ${room}.`;
  const { operation, names } = towards;
  const [thing = "", other = ""] = names;
  const through = room === world.theme.corridor ? ` The way leads through the ${room}.` : "";
  const compared = operation === "put" ? comparison(world, thing) : "";
  const gaps = {
    thing,
    other,
    place: atFixture(world, other),
    use: useOf(world, thing),
    done: world.task.work?.done ?? "done",
    aim: deedWords(world, towards),
    room: play.room,
    target: other === "" ? thing : other,
  };
  const reasons = REASONS_TO_GO.has(operation) ? [`go-to-${operation}`, "go"] : "go";
  return compared + tell(reasons, gaps, random) + through;
}

function putting(world: World, item: string, fixture: string, rest: readonly Deed[], random: Random): string {
  // Elsewhere the comparison was told on the way.
  const station = world.fixtures.get(world.task.work?.station ?? "");
  const here = station?.room === world.fixtures.get(fixture)?.room;
  const compared = here ? comparison(world, item) : "";
  const last = rest.length === 0 ? " That should complete the task." : "";
  return compared + tell("put", { item, place: atFixture(world, fixture), last }, random);
}

function answering(world: World, random: Random): string {
  const { question } = world.task;
  const numbers = (question?.things ?? []).map((thing) => {
    const shown = /\d+/.exec(world.fixtures.get(thing)?.information ?? "")?.[0] ?? "";
    return `the ${thing} shows ${shown}`;
  });
  return tell("answer", { readings: joinWords(numbers), asked: `the ${question?.thing ?? ""}` }, random);
}

function setting(world: World, control: string, random: Random): string {
  const { order = [], document = "document" } = world.task.sequence ?? {};
  const before = order[order.indexOf(control) - 1];
  return before === undefined
    ? tell("set-first", { document, control }, random)
    : tell("set-next", { before, document, control }, random);
}

function reading({ task, items }: World, thing: string, random: Random): string {
  if (task.family === "sort-by-label") return tell("read-label", { thing }, random);
  return tell(items.has(thing) ? "read-document" : "read-instrument", { thing }, random);
}

function doing(world: World, { room }: Play, deed: Deed, random: Random): string {
  const [thing = "", other = "", third = ""] = deed.names;
  switch (deed.operation) {
    case "look":
    case "unlock":
    case "switch":
    case "work":
    case "fit": {
      const done = world.task.work?.done ?? "done";
      return tell(deed.operation, { room, thing, other, third, deed: deedWords(world, deed), done }, random);
    }
    case "set":
      return setting(world, thing, random);
    case "answer":
      return answering(world, random);
    default:
      return reading(world, thing, random);
  }
}

/** The player's thought about a deed that is sensible as far as the player knows. */
export function narrateIntention(world: World, play: Play, intention: Intention, random: Random): string {
  const { deed, towards, sought, rest } = intention;
  if (sought !== undefined) return searching(world, play, intention, random);
  const [thing = "", other = ""] = deed.names;
  switch (deed.operation) {
    case "go":
      return going(world, play, thing, towards, random);
    case "take": {
      const place = atFixture(world, other);
      return tell("take", { item: thing, place, use: useOf(world, thing), fixture: other }, random);
    }
    case "open":
      return towards === undefined
        ? `I open the ${thing}.`
        : tell("open-first", { container: thing, aim: deedWords(world, towards) }, random);
    case "put":
      return putting(world, thing, other, rest, random);
    default:
      return capitalised(doing(world, play, deed, random));
  }
}
