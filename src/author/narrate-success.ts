import type { Random } from "../random.ts";
import { atFixture, deedWords } from "./deed-words.ts";
import { contentsWords, describeRoom } from "./narrate-room.ts";
import type { Deed } from "./phrase.ts";
import { contentsOf, isSo, type Play } from "./play.ts";
import type { World } from "./world.ts";

function opened(play: Play, container: string, random: Random): string {
  if (contentsOf(play, container).length === 0) {
    return random.pick([
      `You open the ${container}. It is empty.`,
      `The ${container} opens easily, but there is nothing in it.`,
      `You open the ${container} and find nothing inside.`,
    ]);
  }
  const contents = contentsWords(play, container);
  return random.pick([
    `You open the ${container}. Inside you see ${contents}.`,
    `The ${container} is open now. It contains ${contents}.`,
    `You open the ${container} and find ${contents}.`,
  ]);
}

function worked(world: World, item: string, station: string, random: Random): string {
  const { work } = world.task;
  const reading = work?.readings.get(item);
  const done = work?.done ?? "done";
  if (reading !== undefined)
    return `You ${work?.verb ?? "measure"} the ${item}. The ${station} shows ${reading}.`;
  return random.pick([
    `You ${deedWords(world, { operation: "work", names: [item, station] })}. The ${item} is ${done} now.`,
    `It takes a moment, then the ${item} is properly ${done}.`,
    `Done: the ${item} has been ${done}.`,
  ]);
}

function setControl(world: World, play: Play, control: string): string {
  const { sequence } = world.task;
  if (sequence === undefined) return "";
  const number = sequence.order.filter((one) => isSo(play, "set", one)).length;
  const act = `You ${sequence.verb} the ${control}.`;
  if (number === sequence.order.length) return `${act} A last lamp turns green, and ${sequence.result}.`;
  return `${act} A green lamp comes on: ${number} of ${sequence.order.length}.`;
}

function information(world: World, thing: string): string {
  return world.items.get(thing)?.information ?? world.fixtures.get(thing)?.information ?? "";
}

/** What the player observes of a deed that was done; `play` is the play after it. */
export function narrateSuccess(world: World, play: Play, deed: Deed, random: Random): string {
  const [thing = "", other = ""] = deed.names;
  switch (deed.operation) {
    case "go":
      return `${random.pick([`You are in the ${thing} now.`, `You go to the ${thing}.`, `You walk over to the ${thing}.`])} ${describeRoom(world, play)}`;
    case "look":
      return `${random.pick([`You look around the ${play.room}.`, `You are in the ${play.room} and take a good look.`])} ${describeRoom(world, play)}`;
    case "examine":
      return random.pick([
        `You examine the ${thing}. ${information(world, thing)}`,
        `You look closely at the ${thing}. ${information(world, thing)}`,
      ]);
    case "take":
      return random.pick([
        `You take the ${thing} from the ${other}.`,
        `You are carrying the ${thing} now.`,
        `You pick up the ${thing}.`,
      ]);
    case "put":
      return random.pick([
        `You put the ${thing} ${atFixture(world, other)}.`,
        `The ${thing} is ${atFixture(world, other)} now.`,
      ]);
    case "open":
      return opened(play, thing, random);
    case "close":
      return `You close the ${thing}.`;
    case "unlock":
      return random.pick([
        `The ${thing} turns in the lock. The ${other} is unlocked now, but still closed.`,
        `You unlock the ${other} with the ${thing}. It is still closed.`,
      ]);
    case "switch": {
      const result = world.task.defect?.device === thing ? world.task.defect.result : "is running now";
      return `You switch on the ${thing}. It ${result}.`;
    }
    case "work":
      return worked(world, thing, other, random);
    case "fit":
      return random.pick([
        `You fit the ${thing} in the ${other}. It sits firmly.`,
        `The ${thing} is in its place in the ${other} now.`,
      ]);
    case "set":
      return setControl(world, play, thing);
    case "answer":
      return `Your report "${thing}" is correct.`;
  }
}
