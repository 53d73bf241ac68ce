import type { Random } from "../random.ts";
import { capitalised, deedWords, type Gaps, gapsOf, joinWords, tell } from "./english.ts";
import type { Intention } from "./intend.ts";
import type { Deed } from "./phrase.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

/** Says what `data/narration.json` has under a name of the deed that is thought about. */
type Say = (what: string, more?: Gaps) => string;

function searching(world: World, play: Play, item: string, deed: Deed, random: Random): string {
  const { hints, uses } = world.task;
  const hint = hints.find((one) => one.item === item);
  const [goal = ""] = deed.names;
  const known = { sought: item, use: uses.get(item) ?? "for the task", hinted: hint?.room ?? "" };
  const say: Say = (what, more = {}) =>
    tell(what, { ...gapsOf(world, play.room, deed), ...known, ...more }, random);
  if (deed.operation !== "go") return say(hint?.fixture === goal ? "open-hinted" : "search-inside");
  if (hint === undefined || hint.room === play.room) return say("search-elsewhere");
  const way =
    goal === hint.room ? "so that is where I should look" : `and the way there leads through the ${goal}`;
  return say("search-hinted-room", { way });
}

/** What the measuring has shown, when the item is the one that was looked for. */
function comparison({ task: { work } }: World, item: string): string {
  const reading = work?.readings.get(item);
  if (work === undefined || reading === undefined) return "";
  const others = [...work.readings]
    .filter(([name]) => name !== item)
    .map(([name, value]) => `the ${name} to ${value}`);
  return `The ${item} came to ${reading}, ${joinWords(others)}; so it is the ${item} that has to be delivered. `;
}

/** Whether a fixture is in the room of the work. Elsewhere the comparison was told on the way. */
function isWorkedAt({ fixtures, task: { work } }: World, fixture: string): boolean {
  return fixtures.get(work?.station ?? "")?.room === fixtures.get(fixture)?.room;
}

/** What the instruments of the question have shown. */
function readings({ fixtures, task: { question } }: World): string {
  const shown = (question?.things ?? []).map((thing) => {
    const [number = ""] = /\d+/.exec(fixtures.get(thing)?.information ?? "") ?? [];
    return `the ${thing} shows ${number}`;
  });
  return joinWords(shown);
}

/** Deeds for which there are reasons to go of their own, beside those for all. */
const REASONS_TO_GO: ReadonlySet<Deed["operation"]> = new Set(["take", "put", "work", "unlock"]);

function going(world: World, play: Play, room: string, towards: Deed, random: Random): string {
  const { operation, names } = towards;
  const through = room === world.theme.corridor ? ` The way leads through the ${room}.` : "";
  const compared = operation === "put" ? comparison(world, names[0] ?? "") : "";
  const reasons = REASONS_TO_GO.has(operation) ? [`go-to-${operation}`, "go"] : "go";
  return compared + tell(reasons, gapsOf(world, play.room, towards), random) + through;
}

function readingName({ task, items }: World, thing: string): string {
  if (task.family === "sort-by-label") return "read-label";
  return items.has(thing) ? "read-document" : "read-instrument";
}

function settingWords({ task }: World, control: string, say: Say): string {
  const { order = [], document = "document" } = task.sequence ?? {};
  const before = order[order.indexOf(control) - 1];
  return before === undefined ? say("set-first", { document }) : say("set-next", { before, document });
}

/** The player's thought about a deed that is sensible as far as the player knows. */
export function narrateIntention(world: World, play: Play, intention: Intention, random: Random): string {
  const { deed, towards, sought, rest } = intention;
  const [thing = "", other = ""] = deed.names;
  const { question } = world.task;
  const say: Say = (what, more = {}) =>
    capitalised(tell(what, { ...gapsOf(world, play.room, deed), ...more }, random));
  if (sought !== undefined) return searching(world, play, sought, deed, random);
  switch (deed.operation) {
    case "go":
      return towards === undefined ? say("go-on") : going(world, play, thing, towards, random);
    case "open":
      return towards === undefined ? say("open") : say("open-first", { deed: deedWords(world, towards) });
    case "put": {
      const last = rest.length === 0 ? " That should complete the task." : "";
      return (isWorkedAt(world, other) ? comparison(world, thing) : "") + say("put", { last });
    }
    case "set":
      return settingWords(world, thing, say);
    case "answer":
      return say("answer", { readings: readings(world), asked: `the ${question?.thing ?? ""}` });
    case "examine":
      return say(readingName(world, thing));
    default:
      return say(deed.operation);
  }
}
