import { type Problem, problemOf } from "../../../pddl/problem.ts";
import type { Fact } from "../../../pddl/state.ts";
import type { Random } from "../../../random.ts";
import type { Difficulty } from "../../environment.ts";
import { BARMAN } from "../games/barman.ts";
import { fact, goalOf, numbered } from "./facts.ts";

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

function startFacts(shots: readonly string[], cocktails: readonly string[], random: Random): readonly Fact[] {
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
  return problemOf(name, BARMAN.domain, objects, startFacts(shots, cocktails, random), goal);
}
