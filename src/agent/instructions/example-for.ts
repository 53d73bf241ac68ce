import { babyaiExampleWorld } from "../../environment/examples/babyai-example.ts";
import { pddlExampleWorld } from "../../environment/examples/pddl-example.ts";
import { BABYAI_EXAMPLE } from "./babyai-example.ts";
import { pddlExample } from "./pddl-examples.ts";
import { workedExample } from "./worked-example.ts";

/** Examples that were played already: each is the same every time. */
const played = new Map<string, string | undefined>();

function play(suite: string, group: string): string | undefined {
  if (suite === "babyai") return workedExample(babyaiExampleWorld(), BABYAI_EXAMPLE);
  const world = suite === "pddl" ? pddlExampleWorld(group) : undefined;
  return world && workedExample(world, pddlExample(group));
}

/** The worked example for the tasks of a suite's group; none of them is a task of the suite. */
export function exampleFor(suite: string, group: string): string | undefined {
  const key = suite === "babyai" ? suite : `${suite}/${group}`;
  if (!played.has(key)) played.set(key, play(suite, group));
  return played.get(key);
}
