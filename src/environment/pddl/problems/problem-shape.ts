import type { Problem } from "../../../pddl/problem.ts";
import { factsOf } from "../../../pddl/state.ts";
import { hash32 } from "../../../random.ts";
import { wantedFacts } from "../play/describe.ts";

/** A fact with what tells the wanted ones from those at the start. */
interface MarkedFact {
  readonly mark: string;
  readonly objects: readonly string[];
}

function markedFacts(problem: Problem): readonly MarkedFact[] {
  return [
    ...factsOf(problem.initial).map(({ predicate, objects }) => ({ mark: `has ${predicate}`, objects })),
    ...wantedFacts(problem).map(({ predicate, terms }) => ({ mark: `wants ${predicate}`, objects: terms })),
  ];
}

function inColours({ mark, objects }: MarkedFact, colours: ReadonlyMap<string, number>): string {
  return [mark, ...objects.map((object) => colours.get(object))].join(" ");
}

/** Every object's colour, told apart further by the facts that it is in. */
function refine(
  facts: readonly MarkedFact[],
  colours: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const seen = new Map([...colours].map(([object, colour]) => [object, [String(colour)]]));
  for (const fact of facts) {
    const text = inColours(fact, colours);
    fact.objects.forEach((object, place) => void seen.get(object)?.push(`${place} ${text}`));
  }
  return new Map([...seen].map(([object, texts]) => [object, hash32(texts.sort().join("\n"))]));
}

/** How many objects are told apart. */
function countOf(colours: ReadonlyMap<string, number>): number {
  return new Set(colours.values()).size;
}

/**
 * A text that two problems share when they are the same but for the names of their objects. Each object is given a
 * colour by its types, and then by the colours of those that it stands in a fact with, again and again (Weisfeiler
 * and Leman, 1968); hence a few problems that are not the same may share it as well.
 */
export function problemShape(problem: Problem): string {
  const facts = markedFacts(problem);
  const { typesOf } = problem.universe;
  let colours: ReadonlyMap<string, number> = new Map(
    [...typesOf].map(([object, types]) => [object, hash32([...types].sort().join(" "))]),
  );
  for (let told = 0; told < countOf(colours); ) {
    told = countOf(colours);
    colours = refine(facts, colours);
  }
  return facts
    .map((fact) => inColours(fact, colours))
    .sort()
    .join("\n");
}
