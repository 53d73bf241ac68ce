import { isFact } from "../pddl/state.ts";
import type { Obstacle, ObstacleCode } from "./obstacles.ts";
import type { Deed } from "./phrase.ts";
import { isInSight, isSo, type Play, placeOf } from "./play.ts";
import { doorKey, type World } from "./world.ts";

/** What has to be so before a deed can be done; gives what stands in its way otherwise. `names` are the deed's. */
type Rule = (world: World, play: Play, names: readonly string[]) => Obstacle | undefined;

function obstacle(code: ObstacleCode, thing = "", other?: string): Obstacle {
  return { code, thing, other };
}

/** The fixture at this place of the deed is in the player's room. */
function here(place: number): Rule {
  return (world, play, names) =>
    world.fixtures.get(names[place] ?? "")?.room === play.room
      ? undefined
      : obstacle("elsewhere", names[place]);
}

/** A predicate holds of the names at these places; the obstacle is told of them in this order. */
function is(predicate: string, places: readonly number[], code: ObstacleCode, wanted = true): Rule {
  return (_world, play, names) => {
    const things = places.map((place) => names[place] ?? "");
    return isSo(play, predicate, ...things) === wanted ? undefined : obstacle(code, things[0], things[1]);
  };
}

/** The same where it must not hold. */
const isNot: typeof is = (predicate, places, code) => is(predicate, places, code, false);

/** Whether an answer names the right thing and number, and no other thing that was to be read. */
function isRight(world: World, answer: string): boolean {
  const { question } = world.task;
  if (question === undefined) return false;
  const words = answer.toLowerCase();
  const named = question.things.filter((thing) => words.includes(thing));
  const numbers = words.match(/\d+/g) ?? [];
  return (
    named.length === 1 &&
    named[0] === question.thing &&
    numbers.every((one) => one === question.value) &&
    numbers.length > 0
  );
}

/**
 * For each operation what has to be so, in the order in which it is told. Together the rules say what the planning
 * domain demands and, beyond it, that a deed changes something; a test holds both together.
 */
const RULES: Readonly<Record<Deed["operation"], readonly Rule[]>> = {
  go: [
    (_world, play, [room = ""]) => (room === play.room ? obstacle("already-here", room) : undefined),
    (world, play, [room = ""]) =>
      world.doors.has(doorKey(play.room, room)) ? undefined : obstacle("no-way", room),
  ],
  look: [(_world, play) => (play.visited.has(play.room) ? obstacle("nothing-new", play.room) : undefined)],
  examine: [
    (world, play, names) => {
      const [thing = ""] = names;
      if (!world.items.has(thing)) return here(0)(world, play, names);
      return isInSight(world, play, thing) ? undefined : obstacle("out-of-sight", thing);
    },
    is("legible", [0], "nothing-new"),
    isNot("read", [0], "already-read"),
  ],
  take: [
    isNot("held", [0], "already-held"),
    here(1),
    isNot("closed", [1], "closed"),
    (_world, play, [item = "", fixture = ""]) =>
      placeOf(play, item) === fixture ? undefined : obstacle("not-there", item, fixture),
  ],
  put: [is("held", [0], "not-held"), here(1), isNot("closed", [1], "closed")],
  open: [here(0), is("closed", [0], "already-open"), isNot("locked", [0], "locked")],
  close: [here(0), isNot("closed", [0], "already-closed")],
  unlock: [
    here(1),
    is("locked", [1], "not-locked"),
    is("held", [0], "not-held"),
    is("fits", [0, 1], "wrong-key"),
  ],
  switch: [
    here(0),
    is("off", [0], "already-on"),
    ({ task: { defect } }, play, [device = ""]) => {
      const missing = defect?.device === device ? defect.parts : [];
      return missing.every((part) => isSo(play, "fitted", part)) ? undefined : obstacle("incomplete", device);
    },
  ],
  work: [
    here(1),
    is("held", [0], "not-held"),
    is("worked-at", [0, 1], "unsuitable"),
    isNot("off", [1], "not-running"),
    isNot("worked", [0], "already-worked"),
  ],
  fit: [
    here(1),
    (_world, play, [part = "", device = ""]) =>
      isSo(play, "fitted", part) ? obstacle("already-fitted", part, device) : undefined,
    is("held", [0], "not-held"),
    is("held", [2], "not-held"),
    is("missing", [0, 1], "misfit"),
    is("tool", [2, 1], "wrong-tool"),
  ],
  set: [here(0), isNot("set", [0], "already-set"), is("due", [0], "wrong-order")],
  answer: [
    (_world, play, [text]) => {
      const asked = [...(play.state.relations.get("asked")?.tuples.values() ?? [])];
      return asked.every((tuple) => isFact(play.state, "read", tuple))
        ? undefined
        : obstacle("not-inspected", text);
    },
    (world, _play, [text = ""]) => (isRight(world, text) ? undefined : obstacle("wrong-answer", text)),
  ],
};

/** What stands in the way of a deed, or undefined when it can be done and changes something. */
export function findObstacle(world: World, play: Play, deed: Deed): Obstacle | undefined {
  for (const each of RULES[deed.operation]) {
    const found = each(world, play, deed.names);
    if (found !== undefined) return found;
  }
  return undefined;
}
