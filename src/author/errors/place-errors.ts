import { atFixture, deedWords, tell } from "../english.ts";
import { isOpenToView, placeOf } from "../play.ts";
import { type Idea, type MistakeMaker, type Situation, trueMistakes } from "./mistake.ts";

function tooEarly({ world, intention, random }: Situation): readonly Idea[] {
  const { deed, rest, sought } = intention;
  const next = sought === undefined ? rest.find(({ operation }) => operation !== "go") : undefined;
  const towards = intention.towards ?? next;
  if (deed.operation !== "go" || towards === undefined) return [];
  const words = deedWords(world, towards);
  const aim = sought === undefined ? "" : ` The ${sought} may be in it.`;
  return [[towards, tell("too-early", { words, aim }, random)]];
}

function wrongPlace({ world, play, intention, random }: Situation): readonly Idea[] {
  const item = [intention.deed, ...intention.rest].find(({ operation }) => operation === "take")?.names[0];
  if (item === undefined || !play.seen.has(item)) return [];
  const here = [...world.fixtures.values()].filter(
    (fixture) =>
      fixture.room === play.room && isOpenToView(play, fixture) && placeOf(play, item) !== fixture.name,
  );
  return here.map(({ name }) => [
    { operation: "take", names: [item, name] },
    tell("wrong-place", { item, place: atFixture(world, name) }, random),
  ]);
}

function noWay({ world, play, intention }: Situation): readonly Idea[] {
  const { deed, towards } = intention;
  if (deed.operation !== "go" || deed.names[0] !== world.theme.corridor) return [];
  const target = world.fixtures.get(towards?.names.at(-1) ?? "")?.room;
  if (target === undefined || target === play.room) return [];
  return [[{ operation: "go", names: [target] }, `I want to be in the ${target}, so I go straight there.`]];
}

/** The right action in the wrong place: before going there, or from another shelf. */
export const placeErrors: MistakeMaker = (situation) =>
  trueMistakes(situation, [...tooEarly(situation), ...wrongPlace(situation), ...noWay(situation)], "place");
