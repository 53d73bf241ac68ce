import type { GroundAction } from "../../../pddl/ground-action.ts";
import type { Problem } from "../../../pddl/problem.ts";
import { type SearchSettings, searchPlan } from "./search.ts";
import { stripsProblem } from "./strips.ts";

/** First any plan, then ever shorter ones. Episodes are short, so that a plan is worth little when it is long. */
const ATTEMPTS: readonly Pick<SearchSettings, "weight" | "nodes">[] = [
  { weight: Number.POSITIVE_INFINITY, nodes: 50_000 },
  { weight: 2, nodes: 500 },
  { weight: 1.5, nodes: 1500 },
];

/**
 * A plan for a problem of one of the games, short but not always the shortest; undefined when none was found.
 * The same problem always gives the same plan. Takes a tenth of a second for most problems of AgentBoard's size.
 */
export function solvePddl(problem: Problem): readonly GroundAction[] | undefined {
  const strips = stripsProblem(problem);
  if (strips.goal === undefined) return undefined;
  let best: readonly GroundAction[] | undefined;
  for (const { weight, nodes } of ATTEMPTS) {
    const shorterThan = best?.length ?? Number.POSITIVE_INFINITY;
    const plan = searchPlan(strips, strips.goal, { weight, nodes, shorterThan });
    if (plan !== undefined) best = plan;
    else if (best === undefined) return undefined;
  }
  return best;
}
