import { capitalised, joinWords, withArticle } from "./english.ts";
import { contentsOf, fixturesIn, isOpenToView, isSo, type Play } from "./play.ts";
import { doorKey, type Fixture, type World } from "./world.ts";

function the(names: readonly string[]): string {
  return joinWords(names.map((name) => `the ${name}`));
}

/** "a key and two …": what is on or in a fixture, in words. */
export function contentsWords(play: Play, fixture: string): string {
  return joinWords([...contentsOf(play, fixture)].sort().map(withArticle));
}

function openPlace(play: Play, fixture: Fixture): string {
  const contents = contentsOf(play, fixture.name);
  if (contents.length === 0) return `The ${fixture.name} is empty.`;
  const verb = contents.length === 1 ? "is" : "are";
  const where = `${capitalised(fixture.preposition)} the ${fixture.name}`;
  return `${where} there ${verb} ${contentsWords(play, fixture.name)}.`;
}

/** The rooms that one can walk to from here. */
export function waysOut(world: World, room: string): string {
  return the(world.rooms.filter((other) => world.doors.has(doorKey(room, other))));
}

/** What the player sees in the present room. Closed things keep what is in them. */
export function describeRoom(world: World, play: Play): string {
  const fixtures = fixturesIn(world, play.room);
  const open = fixtures.filter((fixture) => isOpenToView(play, fixture));
  const closed = fixtures.filter(({ name }) => isSo(play, "closed", name)).map(({ name }) => name);
  const others = fixtures
    .filter(({ kind }) => kind !== "surface" && kind !== "container")
    .map(({ name }) => name);
  const sentences = open.map((fixture) => openPlace(play, fixture));
  if (closed.length > 0)
    sentences.push(`${capitalised(the(closed))} ${closed.length === 1 ? "is" : "are"} closed.`);
  if (others.length > 0) {
    sentences.push(
      `${capitalised(the(others))} ${others.length === 1 ? "is" : "are"} ${open.length > 0 ? "also " : ""}here.`,
    );
  }
  if (fixtures.length === 0) sentences.push("There is nothing here but doors.");
  sentences.push(`From here you can go to ${waysOut(world, play.room)}.`);
  return sentences.join(" ");
}
