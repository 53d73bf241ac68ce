import type { Formula } from "../../../pddl/formula.ts";
import { type Problem, problemOf } from "../../../pddl/problem.ts";
import type { Fact } from "../../../pddl/state.ts";
import type { Random } from "../../../random.ts";
import type { Difficulty } from "../../suite.ts";
import { gameOf } from "../games.ts";

/** A predicate and the objects it holds for. */
function fact(predicate: string, ...objects: readonly string[]): Fact {
  return { predicate, objects };
}

/** The goal that all these facts hold. */
function goalOf(facts: readonly Fact[]): Formula {
  return {
    kind: "and",
    parts: facts.map(({ predicate, objects }) => ({ kind: "atom", predicate, terms: objects })),
  };
}

/** `prefix1`, `prefix2`, … */
function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
}

const ROOMS = ["rooma", "roomb", "roomc", "roomd"] as const;
const GRIPPERS = ["left", "right"] as const;

/** Balls that all have to go to another room: 3 or 4 in two rooms, or 5 or 6 in three or four. */
export function generateGripperProblem(name: string, difficulty: Difficulty, random: Random): Problem {
  const isEasy = difficulty === "easy";
  const rooms = ROOMS.slice(0, isEasy ? 2 : 3 + random.integer(2));
  const balls = numbered("ball", (isEasy ? 3 : 5) + random.integer(2));
  const ways = balls.map((ball) => {
    const [from = "", to = ""] = random.shuffle(rooms);
    return { ball, from, to };
  });
  const facts = [
    ...rooms.map((room) => fact("room", room)),
    ...balls.map((ball) => fact("ball", ball)),
    ...GRIPPERS.flatMap((gripper) => [fact("gripper", gripper), fact("free", gripper)]),
    ...ways.map(({ ball, from }) => fact("at", ball, from)),
    fact("at-robby", random.pick(rooms)),
  ];
  const objects = [...rooms, ...balls, ...GRIPPERS].map((object) => ({ name: object, types: ["object"] }));
  const goal = goalOf(ways.map(({ ball, to }) => fact("at", ball, to)));
  return problemOf(name, gameOf("gripper").domain, objects, facts, goal);
}

/** Towers, each from its top block down. */
type Towers = readonly (readonly string[])[];

/** Cuts the blocks, in a random order, into so many towers. */
function buildTowers(blocks: readonly string[], count: number, random: Random): Towers {
  const order = random.shuffle(blocks);
  const cuts = random
    .shuffle(order.slice(1).map((_, i) => i + 1))
    .slice(0, count - 1)
    .sort((a, b) => a - b);
  return [0, ...cuts].map((start, i) => order.slice(start, cuts[i] ?? order.length));
}

function onFacts(towers: Towers): readonly Fact[] {
  return towers.flatMap((tower) => tower.slice(1).map((lower, i) => fact("on", tower[i] ?? "", lower)));
}

function blocksAtStart(towers: Towers): readonly Fact[] {
  return [
    fact("arm-empty"),
    ...towers.flatMap((tower) => [fact("clear", tower[0] ?? ""), fact("on-table", tower.at(-1) ?? "")]),
    ...onFacts(towers),
  ];
}

/** Random towers of 3 or 4 blocks (easy) or 5 or 6 (hard), to be rebuilt as one or two others. */
export function generateBlockworldProblem(name: string, difficulty: Difficulty, random: Random): Problem {
  const blocks = numbered("b", (difficulty === "easy" ? 3 : 5) + random.integer(2));
  const start = buildTowers(blocks, 1 + random.integer(blocks.length - 1), random);
  const standing = new Set(onFacts(start).map(({ objects }) => objects.join(" ")));
  let wanted: readonly Fact[] = [];
  while (wanted.every(({ objects }) => standing.has(objects.join(" ")))) {
    wanted = onFacts(buildTowers(blocks, 1 + random.integer(2), random));
  }
  const objects = blocks.map((block) => ({ name: block, types: ["object"] }));
  return problemOf(name, gameOf("blockworld").domain, objects, blocksAtStart(start), goalOf(wanted));
}

const INGREDIENTS = numbered("ingredient", 3);
const DISPENSERS = numbered("dispenser", 3);
const HANDS = ["left", "right"] as const;
const LEVELS = ["l0", "l1", "l2"] as const;

/** What is ordered, of ingredients and cocktails in a random order. */
function order(cocktails: readonly string[], difficulty: Difficulty, random: Random): readonly string[] {
  const mixed = random.shuffle(cocktails);
  const pure = random.shuffle(INGREDIENTS);
  if (difficulty === "easy")
    return random.chance(0.5) ? mixed.slice(0, 1) : pure.slice(0, 1 + random.integer(2));
  const drinks = random.chance(0.5) ? mixed.slice(0, 2) : [...mixed.slice(0, 1), ...pure.slice(0, 2)];
  return random.shuffle(drinks);
}

function barAtStart(shots: readonly string[], cocktails: readonly string[], random: Random): readonly Fact[] {
  return [
    ...["shaker1", ...shots].flatMap((container) => [
      fact("ontable", container),
      fact("clean", container),
      fact("empty", container),
    ]),
    ...HANDS.map((hand) => fact("handempty", hand)),
    ...DISPENSERS.map((dispenser, i) => fact("dispenses", dispenser, INGREDIENTS[i] ?? "")),
    fact("shaker-empty-level", "shaker1", "l0"),
    fact("shaker-level", "shaker1", "l0"),
    fact("next", "l0", "l1"),
    fact("next", "l1", "l2"),
    ...cocktails.flatMap((cocktail) => {
      const [first = "", second = ""] = random.shuffle(INGREDIENTS);
      return [fact("cocktail-part1", cocktail, first), fact("cocktail-part2", cocktail, second)];
    }),
  ];
}

/**
 * Drinks to be served, each in a shot glass of its own: one cocktail or one or two ingredients (easy), two
 * cocktails or one with two ingredients (hard). There are more glasses and cocktails than are needed.
 */
export function generateBarmanProblem(name: string, difficulty: Difficulty, random: Random): Problem {
  const cocktails = numbered("cocktail", 2 + random.integer(3));
  const ordered = order(cocktails, difficulty, random);
  const shots = numbered("shot", ordered.length + 1 + random.integer(3));
  const glasses = random.shuffle(shots);
  const typed = (names: readonly string[], type: string): readonly { name: string; types: string[] }[] =>
    names.map((object) => ({ name: object, types: [type] }));
  const objects = [
    ...typed(["shaker1"], "shaker"),
    ...typed(HANDS, "hand"),
    ...typed(shots, "shot"),
    ...typed(INGREDIENTS, "ingredient"),
    ...typed(cocktails, "cocktail"),
    ...typed(DISPENSERS, "dispenser"),
    ...typed(LEVELS, "level"),
  ];
  const goal = goalOf(ordered.map((drink, i) => fact("contains", glasses[i] ?? "", drink)));
  return problemOf(name, gameOf("barman").domain, objects, barAtStart(shots, cocktails, random), goal);
}

const TOOLS = ["wrench", "jack", "pump"] as const;

function carAtStart(hubs: readonly string[], random: Random): readonly Fact[] {
  const lid = random.chance(0.8) ? "closed" : "isopen";
  const ofHub = (hub: string, i: number): readonly Fact[] => {
    const [flat, spare, nuts] = [`w${i + 1}`, `r${i + 1}`, `nuts${i + 1}`];
    return [
      fact("on", flat, hub),
      fact("on-ground", hub),
      fact("fastened", hub),
      fact("tight", nuts, hub),
      fact("in", spare, "boot"),
      fact("intact", spare),
      fact(random.chance(0.8) ? "not-inflated" : "inflated", spare),
    ];
  };
  return [
    fact("unlocked", "boot"),
    fact(lid, "boot"),
    ...TOOLS.map((tool) => fact("in", tool, "boot")),
    ...hubs.flatMap(ofHub),
  ];
}

/** What shall be true of a hub whose wheel is changed. */
function changed(hub: string, number: number): readonly Fact[] {
  return [
    fact("on", `r${number}`, hub),
    fact("inflated", `r${number}`),
    fact("tight", `nuts${number}`, hub),
    fact("in", `w${number}`, "boot"),
  ];
}

/**
 * One wheel to be changed (easy) or two (hard); there may be one more hub that nothing is wanted of. For half of
 * the easy ones it is enough to bring the wheel on, without fastening it for good and tidying up.
 */
export function generateTyreworldProblem(name: string, difficulty: Difficulty, random: Random): Problem {
  const wanted = difficulty === "easy" ? 1 : 2;
  const hubs = numbered("the-hub", wanted + random.integer(2));
  const chosen = random.shuffle(hubs.map((hub, i) => ({ hub, number: i + 1 }))).slice(0, wanted);
  const facts = chosen.flatMap(({ hub, number }) => changed(hub, number));
  const goal = goalOf(difficulty === "easy" && random.chance(0.5) ? facts.slice(0, 2) : facts);
  const objects = [
    { name: "boot", types: ["container"] },
    ...hubs.map((hub) => ({ name: hub, types: ["hub"] })),
    ...numbered("nuts", hubs.length).map((nuts) => ({ name: nuts, types: ["nut"] })),
    ...["r", "w"].flatMap((kind) =>
      numbered(kind, hubs.length).map((wheel) => ({ name: wheel, types: ["wheel"] })),
    ),
  ];
  return problemOf(name, gameOf("tyreworld").domain, objects, carAtStart(hubs, random), goal);
}
