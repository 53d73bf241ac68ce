import { type Random, randomFor } from "../random.ts";
import { gapsOf, tell } from "./english.ts";
import { findObstacle } from "./find-obstacle.ts";
import type { Intention } from "./intend.ts";
import { narrateIntention } from "./narrate-intention.ts";
import { type ErrorKind, errorKind } from "./obstacles.ts";
import { type Deed, formatDeed, readDeed } from "./phrase.ts";
import { fixturesIn, heldItems, isOpenToView, isSo, type Play, placeOf } from "./play.ts";
import type { World } from "./world.ts";

/** An action that will come to nothing, and what the player wrongly thinks of it. */
interface Mistake {
  readonly action: string;
  readonly thought: string;
}

interface Situation {
  readonly world: World;
  readonly play: Play;
  readonly intention: Intention;
  readonly random: Random;
}

/** A deed that may come to nothing, and what the player would think of it. */
type Idea = readonly [deed: Deed, thought: string];

/** The ideas of one kind that a person could have in a situation; there may be none. */
type IdeaMaker = (situation: Situation) => readonly Idea[];

/** An idea whose thought `data/narration.json` has under a name. */
function idea(
  { world, play, random }: Situation,
  thought: string,
  deed: Deed,
  more: Readonly<Record<string, string>> = {},
): Idea {
  return [deed, tell(thought, { ...gapsOf(world, play.room, deed), ...more }, random)];
}

/** The right action before going to where it is right. */
const tooEarly: IdeaMaker = (situation) => {
  const { deed, rest, sought } = situation.intention;
  const next = sought === undefined ? rest.find(({ operation }) => operation !== "go") : undefined;
  const towards = situation.intention.towards ?? next;
  if (deed.operation !== "go" || towards === undefined) return [];
  const aim = sought === undefined ? "" : ` The ${sought} may be in it.`;
  return [idea(situation, "too-early", towards, { aim })];
};

/** Taking what is wanted next from another shelf. */
const wrongPlace: IdeaMaker = (situation) => {
  const { world, play, intention } = situation;
  const item = [intention.deed, ...intention.rest].find(({ operation }) => operation === "take")?.names[0];
  if (item === undefined || !play.seen.has(item)) return [];
  return fixturesIn(world, play.room)
    .filter((fixture) => isOpenToView(play, fixture) && placeOf(play, item) !== fixture.name)
    .map(({ name }) => idea(situation, "wrong-place", { operation: "take", names: [item, name] }));
};

/** Going straight where the way leads through the corridor. */
const noWay: IdeaMaker = (situation) => {
  const { world, play, intention } = situation;
  const { deed, towards } = intention;
  if (deed.operation !== "go" || deed.names[0] !== world.theme.corridor) return [];
  const target = world.fixtures.get(towards?.names.at(-1) ?? "")?.room;
  if (target === undefined || target === play.room) return [];
  return [idea(situation, "no-way", { operation: "go", names: [target] })];
};

/** A later deed before the one that has to come first. */
const outOfOrder: IdeaMaker = (situation) => {
  const { deed, rest, sought } = situation.intention;
  if (deed.operation === "go" || sought !== undefined) return [];
  const later = rest.slice(0, 2).filter(({ operation }) => operation !== "go");
  return later.map((early) => idea(situation, "out-of-order", early));
};

/** Opening what is open and reading what has been read. */
const fixturesAgain: IdeaMaker = (situation) => {
  const { world, play } = situation;
  return fixturesIn(world, play.room).flatMap(({ name, kind }): readonly Idea[] => {
    if (kind === "container" && !isSo(play, "closed", name)) {
      return [idea(situation, "open-again", { operation: "open", names: [name] })];
    }
    if (!isSo(play, "read", name)) return [];
    return [idea(situation, "read-again", { operation: "examine", names: [name] })];
  });
};

/** Taking what is in hand already, and reading it again. */
const itemsAgain: IdeaMaker = (situation) => {
  const { world, play } = situation;
  return heldItems(play).flatMap((item): readonly Idea[] => {
    const ideas: Idea[] = [];
    const home = world.fixtures.get(world.items.get(item)?.fixture ?? "");
    if (home?.room === play.room)
      ideas.push(idea(situation, "take-again", { operation: "take", names: [item, home.name] }));
    if (isSo(play, "read", item))
      ideas.push(idea(situation, "read-held-again", { operation: "examine", names: [item] }));
    return ideas;
  });
};

/** Pulling at locked things, and guessing which control is next. */
const inVain: IdeaMaker = (situation) => {
  const { world, play } = situation;
  return fixturesIn(world, play.room).flatMap(({ name, kind }): readonly Idea[] => {
    if (isSo(play, "locked", name))
      return [idea(situation, "open-locked", { operation: "open", names: [name] })];
    if (kind !== "control") return [];
    return [idea(situation, "guess-control", { operation: "set", names: [name] })];
  });
};

/** Looking where there is nothing to be learned. */
const lookingCloser: IdeaMaker = (situation) => {
  const { world, play } = situation;
  const fixtures = fixturesIn(world, play.room).filter(({ kind }) => kind !== "control");
  const items = heldItems(play).filter((item) => !isSo(play, "legible", item));
  return [
    ...fixtures.map(({ name }) =>
      idea(situation, "look-closer-here", { operation: "examine", names: [name] }),
    ),
    ...items.map((item) => idea(situation, "look-closer-held", { operation: "examine", names: [item] })),
  ];
};

const lookingAgain: IdeaMaker = (situation) =>
  situation.play.visited.has(situation.play.room)
    ? [idea(situation, "look-again", { operation: "look", names: [] })]
    : [];

/** The mistakes of a kind: of the makers' ideas those that really are errors of it in the present state. */
function mistakesOf(kind: ErrorKind, ...makers: readonly IdeaMaker[]) {
  return (situation: Situation): readonly Mistake[] => {
    const { world, play } = situation;
    return makers
      .flatMap((ideas) => ideas(situation))
      .flatMap(([deed, thought]) => {
        if (!world.wording.has(deed.operation)) return [];
        const obstacle = findObstacle(world, play, deed);
        if (obstacle === undefined || errorKind(obstacle.code) !== kind) return [];
        return [{ action: formatDeed(world.wording, deed), thought }];
      });
  };
}

const OTHER_VERBS: Readonly<Partial<Record<Deed["operation"], readonly string[]>>> = {
  go: ["run to", "visit", "return to", "proceed to"],
  take: ["fetch", "collect", "lift"],
  put: ["drop", "deposit", "store"],
  open: ["unseal", "pull open", "try"],
  examine: ["check out", "observe", "scan"],
  unlock: ["unbolt", "release"],
  switch: ["activate", "boot", "flip"],
  work: ["treat", "handle", "process"],
  fit: ["attach", "insert", "mend"],
  set: ["activate", "hit", "work"],
};

/** Texts that are near to the intended action and that no pattern accepts with its listed parameters. */
function parameterErrors({ world, play, intention, random }: Situation): readonly Mistake[] {
  const { deed, rest, sought } = intention;
  if (deed.operation === "answer" || deed.operation === "look") return [];
  const right = formatDeed(world.wording, deed);
  const [thing = "", other = ""] = deed.names;
  const shortened = thing.includes(" ") && deed.operation !== "go" ? (thing.split(" ").at(-1) ?? "") : "";
  const verbs = OTHER_VERBS[deed.operation];
  const wrong = [
    verbs === undefined ? "" : `${random.pick(verbs)} ${thing}`,
    right.replaceAll(thing, `the ${thing}`),
    shortened === "" ? "" : right.replace(thing, shortened),
    other === "" ? "" : right.slice(0, Math.max(0, right.indexOf(thing) + thing.length)),
    thing === "" ? "" : right.replace(thing, `${thing}s`),
    // Whoever is still searching does not know yet what comes next.
    rest[0] === undefined || sought !== undefined ? "" : `${right} and ${formatDeed(world.wording, rest[0])}`,
  ];
  return wrong
    .filter((text) => text.trim() !== "" && text !== right && readDeed(world.wording, text) === undefined)
    .map((action) => ({ action, thought: narrateIntention(world, play, intention, random) }));
}

/** The makers by how readily a person makes their mistakes: where several are possible, earlier ones win more often. */
const MAKERS = [
  { kind: "place", mistakes: mistakesOf("place", tooEarly, wrongPlace, noWay), readiness: 5 },
  {
    kind: "logic",
    mistakes: mistakesOf("logic", outOfOrder, fixturesAgain, itemsAgain, inVain),
    readiness: 3,
  },
  { kind: "parameter", mistakes: parameterErrors, readiness: 1.5 },
  { kind: "logic", mistakes: mistakesOf("logic", lookingCloser, lookingAgain), readiness: 0.7 },
] as const;

/** What the choice of a mistake depends on beside the situation. */
interface MistakeState {
  readonly errors: number;
  readonly wanted: number;
  readonly afterError: boolean;
  readonly random: Random;
  /** Actions that were tried before; a person does not make the same mistake twice. */
  readonly avoid: readonly string[];
  /** The kinds of errors made before; others are made more readily. */
  readonly made: ReadonlySet<ErrorKind>;
}

const FEWEST = 2;

/** How many error turns the trajectory of a world is to have: 2 to 5, mostly 2 or 3. */
export function mistakesWanted(world: World): number {
  return randomFor(world.seed, world.persona, "mistakes").pick([2, 2, 2, 3, 3, 3, 4, 4, 5]);
}

/** Whether it is time for a mistake: spread over what is left to do, and none after another more than now and then. */
function isTime(intention: Intention, { errors, wanted, afterError, random }: MistakeState): boolean {
  if (errors >= wanted || intention.deed.operation === "look") return false;
  const left = intention.rest.length + (intention.sought === undefined ? 1 : 2);
  const needed = FEWEST - errors;
  if (needed >= left) return true;
  if (afterError) return random.chance(0.12);
  // On the way to another place a person acts too early more easily than elsewhere.
  const readiness = intention.deed.operation === "go" ? 2 : 1;
  return random.chance((readiness * (wanted - errors)) / (left + 1));
}

/** Chooses a mistake for the player to make now, or undefined for none. */
export function chooseMistake(
  world: World,
  play: Play,
  intention: Intention,
  state: MistakeState,
): Mistake | undefined {
  if (!isTime(intention, state)) return undefined;
  const { random, avoid, made } = state;
  const possible = MAKERS.flatMap(({ kind, mistakes, readiness }) => {
    const fresh = mistakes({ world, play, intention, random }).filter(
      ({ action }) => !avoid.includes(action),
    );
    return fresh.length > 0 ? [{ fresh, weight: made.has(kind) ? readiness / 3 : readiness }] : [];
  });
  let draw = random.next() * possible.reduce((sum, { weight }) => sum + weight, 0);
  for (const { fresh, weight } of possible) {
    draw -= weight;
    if (draw < 0) return random.pick(fresh);
  }
  return undefined;
}
