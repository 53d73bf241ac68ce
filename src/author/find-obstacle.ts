import { isFact } from "../pddl/state.ts";
import type { Obstacle, ObstacleCode } from "./obstacle.ts";
import type { Deed } from "./phrase.ts";
import { isInSight, isSo, type Play, placeOf } from "./play.ts";
import { doorKey, type World } from "./world.ts";

type Check = (world: World, play: Play, thing: string, other: string, third: string) => Obstacle | undefined;

function obstacle(code: ObstacleCode, thing: string, other?: string): Obstacle {
  return { code, thing, ...(other === undefined ? {} : { other }) };
}

function elsewhere(world: World, play: Play, fixture: string): Obstacle | undefined {
  return world.fixtures.get(fixture)?.room === play.room ? undefined : obstacle("elsewhere", fixture);
}

const go: Check = (world, play, room) => {
  if (room === play.room) return obstacle("already-here", room);
  return world.doors.has(doorKey(play.room, room)) ? undefined : obstacle("no-way", room);
};

const look: Check = (_world, play) =>
  play.visited.has(play.room) ? obstacle("nothing-new", play.room) : undefined;

const examine: Check = (world, play, thing) => {
  const isItem = world.items.has(thing);
  if (isItem && !isInSight(world, play, thing)) return obstacle("elsewhere", thing);
  const away = isItem ? undefined : elsewhere(world, play, thing);
  if (away !== undefined) return away;
  if (!isSo(play, "legible", thing)) return obstacle("nothing-new", thing);
  return isSo(play, "read", thing) ? obstacle("already-read", thing) : undefined;
};

const take: Check = (world, play, item, fixture) => {
  if (isSo(play, "held", item)) return obstacle("already-held", item);
  const away = elsewhere(world, play, fixture);
  if (away !== undefined) return away;
  if (isSo(play, "closed", fixture)) return obstacle("closed", fixture);
  return placeOf(play, item) === fixture ? undefined : obstacle("not-there", item, fixture);
};

const put: Check = (world, play, item, fixture) => {
  if (!isSo(play, "held", item)) return obstacle("not-held", item);
  const away = elsewhere(world, play, fixture);
  if (away !== undefined) return away;
  return isSo(play, "closed", fixture) ? obstacle("closed", fixture) : undefined;
};

const open: Check = (world, play, container) => {
  const away = elsewhere(world, play, container);
  if (away !== undefined) return away;
  if (!isSo(play, "closed", container)) return obstacle("already-open", container);
  return isSo(play, "locked", container) ? obstacle("locked", container) : undefined;
};

const close: Check = (world, play, container) => {
  const away = elsewhere(world, play, container);
  if (away !== undefined) return away;
  return isSo(play, "closed", container) ? obstacle("already-closed", container) : undefined;
};

const unlock: Check = (world, play, key, container) => {
  const away = elsewhere(world, play, container);
  if (away !== undefined) return away;
  if (!isSo(play, "locked", container)) return obstacle("not-locked", container);
  if (!isSo(play, "held", key)) return obstacle("not-held", key);
  return isSo(play, "fits", key, container) ? undefined : obstacle("wrong-key", key, container);
};

const turnOn: Check = (world, play, device) => {
  const away = elsewhere(world, play, device);
  if (away !== undefined) return away;
  if (!isSo(play, "off", device)) return obstacle("already-on", device);
  const missing = world.task.defect?.device === device ? world.task.defect.parts : [];
  return missing.every((part) => isSo(play, "fitted", part)) ? undefined : obstacle("incomplete", device);
};

const work: Check = (world, play, item, station) => {
  const away = elsewhere(world, play, station);
  if (away !== undefined) return away;
  if (!isSo(play, "held", item)) return obstacle("not-held", item);
  if (!isSo(play, "worked-at", item, station)) return obstacle("unsuitable", item, station);
  if (isSo(play, "off", station)) return obstacle("not-running", station);
  return isSo(play, "worked", item) ? obstacle("already-worked", item) : undefined;
};

const fit: Check = (world, play, part, device, tool) => {
  const away = elsewhere(world, play, device);
  if (away !== undefined) return away;
  if (isSo(play, "fitted", part)) return obstacle("already-fitted", part, device);
  if (!isSo(play, "held", part)) return obstacle("not-held", part);
  if (!isSo(play, "held", tool)) return obstacle("not-held", tool);
  if (!isSo(play, "missing", part, device)) return obstacle("misfit", part, device);
  return isSo(play, "tool", tool, device) ? undefined : obstacle("wrong-tool", tool, device);
};

const set: Check = (world, play, control) => {
  const away = elsewhere(world, play, control);
  if (away !== undefined) return away;
  if (isSo(play, "set", control)) return obstacle("already-set", control);
  return isSo(play, "due", control) ? undefined : obstacle("wrong-order", control);
};

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

const answer: Check = (world, play, text) => {
  const asked = [...(play.state.relations.get("asked")?.tuples.values() ?? [])];
  const unread = asked.find((tuple) => !isFact(play.state, "read", tuple));
  if (unread !== undefined) return obstacle("not-inspected", text);
  return isRight(world, text) ? undefined : obstacle("wrong-answer", text);
};

const CHECKS: Readonly<Record<Deed["operation"], Check>> = {
  go,
  look,
  examine,
  take,
  put,
  open,
  close,
  unlock,
  switch: turnOn,
  work,
  fit,
  set,
  answer,
};

/** What stands in the way of a deed, or undefined when it can be done and changes something. */
export function findObstacle(world: World, play: Play, deed: Deed): Obstacle | undefined {
  const [thing = "", other = "", third = ""] = deed.names;
  return CHECKS[deed.operation](world, play, thing, other, third);
}
