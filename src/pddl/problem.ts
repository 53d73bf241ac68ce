import { type Domain, definition } from "./domain.ts";
import { ALWAYS, type Formula, readAtom, readFormula, readTypedList, type TypedName } from "./formula.ts";
import { asList, headOf, type List, pddlError } from "./s-expression.ts";
import { type Fact, type State, stateOf } from "./state.ts";
import { type Universe, universeOf } from "./universe.ts";

/** A PDDL problem together with its domain. It can also be made directly, with {@link problemOf}. */
export interface Problem {
  readonly name: string;
  readonly domain: Domain;
  /** The objects, the domain's constants included. */
  readonly universe: Universe;
  readonly initial: State;
  readonly goal: Formula;
}

/** Makes a problem from data. */
export function problemOf(
  name: string,
  domain: Domain,
  objects: readonly TypedName[],
  facts: readonly Fact[],
  goal: Formula,
): Problem {
  const universe = universeOf([...domain.constants, ...objects], domain.types);
  return { name, domain, universe, initial: stateOf(facts), goal };
}

function readInitial(section: List): readonly Fact[] {
  const facts: Fact[] = [];
  for (const item of section.items.slice(1)) {
    const list = asList(item, "a fact", section.position);
    const head = headOf(list);
    // Absent facts are false anyway, and costs play no part.
    if (head === "not" || head === "=") continue;
    const atom = readAtom(list);
    facts.push({ predicate: atom.predicate, objects: atom.terms });
  }
  return facts;
}

/** Parses a problem of `domain`. Throws an `AgentRefineError` with line and column when the text is not one. */
export function parseProblem(text: string, domain: Domain): Problem {
  const { name, sections } = definition(text, "problem");
  let objects: readonly TypedName[] = [];
  let facts: readonly Fact[] = [];
  let goal: Formula = ALWAYS;
  for (const section of sections) {
    switch (headOf(section)) {
      case ":objects":
        objects = readTypedList(section.items.slice(1), section.position);
        break;
      case ":init":
        facts = readInitial(section);
        break;
      case ":goal":
        goal = readFormula(section.items[1], section);
        break;
      case ":domain":
      case ":requirements":
      case ":metric":
        break;
      default:
        throw pddlError(`unknown section "${headOf(section) ?? "()"}"`, section.position);
    }
  }
  return problemOf(name, domain, objects, facts, goal);
}
