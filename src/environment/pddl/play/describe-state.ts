import { type Fact, factsOf, type State } from "../../../pddl/state.ts";
import { capitalise, wordingOf } from "../text/wording.ts";

function describe(facts: readonly Fact[]): string {
  return facts
    .map(({ predicate, objects }) => capitalise(wordingOf(predicate, objects)))
    .sort()
    .join(" ");
}

/** All facts as sorted sentences. */
export function describeState(state: State): string {
  return describe(factsOf(state));
}

/** The facts that hold in `after` and did not in `before`, as sorted sentences. */
export function describeNewFacts(before: State, after: State): string {
  const facts: Fact[] = [];
  for (const [predicate, relation] of after.relations) {
    const old = before.relations.get(predicate);
    if (old === relation) continue;
    for (const [key, objects] of relation.tuples) {
      if (!old?.tuples.has(key)) facts.push({ predicate, objects });
    }
  }
  return describe(facts);
}
