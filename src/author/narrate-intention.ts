import type { Random } from "../random.ts";
import { atFixture, capitalised, deedWords, joinWords } from "./english.ts";
import type { Intention } from "./intend.ts";
import type { Deed } from "./phrase.ts";
import type { Play } from "./play.ts";
import type { World } from "./world.ts";

function useOf(world: World, item: string): string {
  return world.task.uses.get(item) ?? "for the task";
}

function searching(world: World, play: Play, intention: Intention, random: Random): string {
  const item = intention.sought ?? "";
  const use = useOf(world, item);
  const hint = world.task.hints.find((one) => one.item === item);
  const [goal = ""] = intention.deed.names;
  if (intention.deed.operation === "go") {
    if (hint !== undefined && hint.room !== play.room) {
      const way =
        goal === hint.room ? "so that is where I should look" : `and the way there leads through the ${goal}`;
      return random.pick([
        `I need the ${item} ${use}. It is said to be in the ${hint.room}, ${way}.`,
        `The ${item} should be somewhere in the ${hint.room}, ${way}.`,
        `First I want the ${item}. I was told that it is in the ${hint.room}, ${way}.`,
      ]);
    }
    return random.pick([
      `I still have not seen the ${item}, which I need ${use}. I will try the ${goal}.`,
      `There is no sign of the ${item} here, so I had better search the ${goal}.`,
      `I do not know where the ${item} is. The ${goal} is a place where it could be kept.`,
      `The ${item} is not in sight in the ${play.room}. I will look for it by way of the ${goal}.`,
    ]);
  }
  if (hint?.fixture === goal) {
    return random.pick([
      `The ${item} is known to be in the ${goal}, so I open it now.`,
      `Now I can open the ${goal} and get the ${item}, which I need ${use}.`,
    ]);
  }
  return random.pick([
    `The ${item} is nowhere in sight, but the ${goal} is still closed. It may be inside.`,
    `I am looking for the ${item}, and I have not seen what is in the ${goal} yet.`,
    `Someone may have put the ${item} in the ${goal}. I will open it and see.`,
    `I need the ${item} ${use}. The ${goal} here is closed, so I will check what it holds.`,
    `Where could the ${item} be? The ${goal} is the next place to check.`,
  ]);
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

function going(world: World, play: Play, room: string, towards: Deed | undefined, random: Random): string {
  if (towards === undefined) return `The next thing to do is in another place, so I go to the ${room}.`;
  const [thing = "", other = ""] = towards.names;
  const aim = deedWords(world, towards);
  const through = room === world.theme.corridor ? ` The way leads through the ${room}.` : "";
  const compared = towards.operation === "put" ? comparison(world, thing) : "";
  const particular: Partial<Record<Deed["operation"], readonly string[]>> = {
    take: [`I have seen the ${thing} ${atFixture(world, other)}, and I need it ${useOf(world, thing)}.`],
    put: [
      `I am carrying the ${thing}, which belongs ${atFixture(world, other)}.`,
      `Now that I have the ${thing}, I can bring it to its place: ${atFixture(world, other)}.`,
    ],
    work: [`The ${thing} still has to be ${world.task.work?.done ?? "done"}, and I have it with me.`],
    unlock: [`With the ${thing} I can open the ${other}.`],
  };
  const general = [
    `My next aim is to ${aim}, so I have to leave the ${play.room}.`,
    `To ${aim}, I have to be where the ${other === "" ? thing : other} is.`,
    `There is nothing left to do here for now. Next I want to ${aim}.`,
  ];
  return compared + random.pick([...(particular[towards.operation] ?? []), ...general]) + through;
}

function taking(world: World, item: string, fixture: string, random: Random): string {
  const use = useOf(world, item);
  return random.pick([
    `The ${item} is ${atFixture(world, fixture)}. I need it ${use}, so I take it.`,
    `There is the ${item}. That is exactly what I need ${use}.`,
    `I can see the ${item} ${atFixture(world, fixture)}; I should pick it up now, as I need it ${use}.`,
    `The name and the mark are right: this is the ${item}. I take it from the ${fixture}.`,
  ]);
}

function opening(world: World, container: string, towards: Deed | undefined, random: Random): string {
  if (towards === undefined) return `I open the ${container}.`;
  return random.pick([
    `The ${container} is closed. It has to be open before I can ${deedWords(world, towards)}.`,
    `Before I can ${deedWords(world, towards)}, I have to open the ${container}.`,
  ]);
}

function putting(world: World, item: string, fixture: string, rest: readonly Deed[], random: Random): string {
  // Elsewhere the comparison was told on the way.
  const station = world.fixtures.get(world.task.work?.station ?? "");
  const here = station?.room === world.fixtures.get(fixture)?.room;
  const compared = here ? comparison(world, item) : "";
  const last = rest.length === 0 ? " That should complete the task." : "";
  return (
    compared +
    random.pick([
      `This is the place for the ${item}: ${atFixture(world, fixture)}.${last}`,
      `I am in the right room and have the ${item} with me. Now I can put it ${atFixture(world, fixture)}.${last}`,
      `The goal asks for the ${item} to be ${atFixture(world, fixture)}, so I put it there.${last}`,
    ])
  );
}

function doing(world: World, play: Play, intention: Intention, random: Random): string {
  const { deed } = intention;
  const [thing = "", other = "", third = ""] = deed.names;
  switch (deed.operation) {
    case "look":
      return random.pick([
        `I do not know yet what is around me in the ${play.room}. A look about is the best beginning.`,
        `Before I do anything, I want to see what there is in the ${play.room}.`,
        `I should first find out what is here in the ${play.room}.`,
      ]);
    case "unlock":
      return random.pick([
        `I have the ${thing}. It should fit the lock of the ${other}.`,
        `The ${other} is locked, and the ${thing} is the key to it.`,
      ]);
    case "switch":
      return random.pick([
        `The ${thing} is off. I switch it on before I go on.`,
        `Everything is ready to ${deedWords(world, deed)}.`,
        `The ${thing} has to be running, so I switch it on.`,
      ]);
    case "work":
      return random.pick([
        `I have the ${thing} and the ${other} is here, so I can ${deedWords(world, deed)} now.`,
        `The ${thing} has to be ${world.task.work?.done ?? "done"}. This is the place for it.`,
      ]);
    case "fit":
      return random.pick([
        `I have the ${thing} and the ${third}. Now I can fit the part in the ${other}.`,
        `The ${other} lacks the ${thing}. With the ${third} in hand I can fit it.`,
      ]);
    case "set":
      return setting(world, thing, random);
    case "answer":
      return answering(world, random);
    default:
      return reading(world, thing, random);
  }
}

function answering(world: World, random: Random): string {
  const { question } = world.task;
  const things = question?.things ?? [];
  const numbers = things.map((thing) => {
    const shown = /\d+/.exec(world.fixtures.get(thing)?.information ?? "")?.[0] ?? "";
    return `the ${thing} shows ${shown}`;
  });
  const asked = `the ${question?.thing ?? ""}`;
  return random.pick([
    `I have all the readings: ${joinWords(numbers)}. So ${asked} is the answer.`,
    `I compare what I have read: ${joinWords(numbers)}. The one that was asked for is ${asked}.`,
    `Now that I know that ${joinWords(numbers)}, I can report ${asked}.`,
  ]);
}

function reading(world: World, thing: string, random: Random): string {
  if (world.task.family === "sort-by-label") {
    return random.pick([
      `I have to know what the label on the ${thing} says before I can put it in its place.`,
      `The ${thing} bears a label. I read it before I do anything else with it.`,
      `Where does the ${thing} belong? Its label will tell.`,
    ]);
  }
  if (world.items.has(thing)) {
    return random.pick([
      `There is the ${thing}. I need to know what it says, so I look at it closely.`,
      `Without the order on the ${thing} I cannot begin, so I read it now.`,
      `The ${thing} is within reach. I read it carefully before I touch any control.`,
    ]);
  }
  return random.pick([
    `The ${thing} is here. Its reading matters for my report, so I look at it closely.`,
    `I need the number that the ${thing} shows.`,
    `The ${thing} is one of the instruments that I have to compare.`,
    `Here is the ${thing}; I will note what it shows.`,
  ]);
}

function setting(world: World, control: string, random: Random): string {
  const order = world.task.sequence?.order ?? [];
  const place = order.indexOf(control);
  const before = order[place - 1];
  const document = world.task.sequence?.document ?? "document";
  if (before === undefined) {
    return random.pick([
      `According to the ${document}, the ${control} comes first.`,
      `The ${document} begins with the ${control}, so that is where I begin.`,
    ]);
  }
  return random.pick([
    `After the ${before} the ${document} names the ${control}.`,
    `The ${before} is done. Next in the order is the ${control}.`,
  ]);
}

/** The player's thought about a deed that is sensible as far as the player knows. */
export function narrateIntention(world: World, play: Play, intention: Intention, random: Random): string {
  const { deed, towards, sought, rest } = intention;
  if (sought !== undefined) return searching(world, play, intention, random);
  const [thing = "", other = ""] = deed.names;
  if (deed.operation === "go") return going(world, play, thing, towards, random);
  if (deed.operation === "take") return taking(world, thing, other, random);
  if (deed.operation === "open") return opening(world, thing, towards, random);
  if (deed.operation === "put") return putting(world, thing, other, rest, random);
  return capitalised(doing(world, play, intention, random));
}
