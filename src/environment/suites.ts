import { AgentRefineError } from "../errors.ts";
import { didYouMean } from "../spelling.ts";
import { ALFWORLD } from "./alfworld/definition.ts";
import { BABYAI } from "./babyai/definition.ts";
import { HOTPOTQA } from "./hotpotqa/definition.ts";
import { JERICHO } from "./jericho/definition.ts";
import { MT_BENCH } from "./mt-bench/definition.ts";
import { PDDL } from "./pddl/definition.ts";
import { perturbSuite } from "./perturbations/perturb-suite.ts";
import { SCIWORLD } from "./sciworld/definition.ts";
import type { LoadOptions, Suite, SuiteDefinition } from "./suite.ts";

/** All benchmarks, in the order of the paper's tables. */
export const SUITES: readonly SuiteDefinition[] = [
  ALFWORLD,
  BABYAI,
  SCIWORLD,
  PDDL,
  JERICHO,
  HOTPOTQA,
  MT_BENCH,
];

/** The names of all suites. */
export const SUITE_NAMES: readonly string[] = SUITES.map(({ name }) => name);

/** The names of all perturbations that some suite has. */
export const PERTURBATIONS: readonly string[] = [
  ...new Set(SUITES.flatMap(({ perturbations }) => Object.keys(perturbations))),
];

/** The suite of a name; undefined for one that is not of this program. */
export function findSuite(name: string | undefined): SuiteDefinition | undefined {
  return SUITES.find((each) => each.name === name);
}

/**
 * The suite of a name. Throws an AgentRefineError where there is none, which also names the groups of suites that might
 * have been given.
 */
export function definitionOf(name: string, groups: readonly string[] = []): SuiteDefinition {
  const found = findSuite(name);
  if (found !== undefined) return found;
  const known = [...SUITE_NAMES, ...groups];
  throw new AgentRefineError(`there is no suite "${name}"${didYouMean(name, known)}`, {
    fix: `The suites are ${known.join(", ")}.`,
  });
}

/**
 * Loads a suite with its tasks, in other words where a perturbation is named (section 4.3, App. K). Rejects with an
 * AgentRefineError where there is no such suite or perturbation, and where what the suite needs is missing or of no
 * use.
 */
export async function loadSuite(
  name: string,
  options: LoadOptions & { readonly perturbation?: string | undefined },
): Promise<Suite> {
  const { perturbation, ...load } = options;
  const { perturbations, load: loaded } = definitionOf(name);
  if (perturbation === undefined) return loaded(load);
  const found = Object.hasOwn(perturbations, perturbation) ? perturbations[perturbation] : undefined;
  if (found !== undefined) return perturbSuite(await loaded(load), perturbation, found);
  const names = Object.keys(perturbations);
  throw new AgentRefineError(`${name} has no perturbation "${perturbation}"`, {
    fix: names.length === 0 ? "It has none: leave it out." : `It has ${names.join(", ")}.`,
  });
}
