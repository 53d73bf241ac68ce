import { type Problem, problemOf } from "../../../pddl/problem.ts";
import type { Fact } from "../../../pddl/state.ts";
import type { Random } from "../../../random.ts";
import type { Difficulty } from "../../environment.ts";
import { BLOCKWORLD } from "../games/blockworld.ts";
import { fact, goalOf, numbered } from "./facts.ts";

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

function startFacts(towers: Towers): readonly Fact[] {
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
  return problemOf(name, BLOCKWORLD.domain, objects, startFacts(start), goalOf(wanted));
}
