import { stat } from "node:fs/promises";
import type { LoadOptions, Suite, Task } from "../environment/suite.ts";
import { definitionOf, loadSuite } from "../environment/suites.ts";
import { AgentRefineError } from "../errors.ts";
import { hash32 } from "../random.ts";
import { groupBy } from "./metrics/scores.ts";
import { severalMissing } from "./missing-needs.ts";
import type { EvaluationSettings } from "./settings.ts";

/** Which worlds are played and how. */
export type WorldSettings = Pick<
  EvaluationSettings,
  "suites" | "compat" | "perturbation" | "limit" | "sample"
> &
  Omit<LoadOptions, "compat"> & {
    /** Whether instructions have their worked examples; true when not given. */
    readonly example?: boolean;
  };

/** Those of the suites to which the plain rules do not apply although they are asked for. */
export function suitesLeftAsTheyAre({
  suites,
  compat,
}: Pick<WorldSettings, "suites" | "compat">): readonly string[] {
  return compat === "plain" ? suites.filter((name) => !definitionOf(name).rules.includes("plain")) : [];
}

/** Refuses rules that apply to none of the suites. Throws AgentRefineError. */
function checkRules(settings: Pick<WorldSettings, "suites" | "compat">): void {
  const left = suitesLeftAsTheyAre(settings);
  if (left.length === 0 || left.length < settings.suites.length) return;
  throw new AgentRefineError(
    `the plain rules do not apply to ${left.join(", ")}, which has AgentBoard's rules only`,
    { fix: "Leave them out." },
  );
}

/** So many tasks, alike of all groups, in the order of the suite; which ones of a group does not depend on how many. */
function sampled(tasks: readonly Task[], count: number): readonly Task[] {
  const groups = [...groupBy(tasks, ({ group }) => group).values()].map((group) =>
    [...group].sort((one, other) => hash32(one.id) - hash32(other.id)),
  );
  const rounds = Math.max(0, ...groups.map((group) => group.length));
  const inTurn = Array.from({ length: rounds }, (_value, round) =>
    groups.flatMap((group) => group.slice(round, round + 1)),
  ).flat();
  const chosen = new Set(inTurn.slice(0, count));
  return tasks.filter((task) => chosen.has(task));
}

/** Those of the tasks that are played, in their order. */
export function chosenTasks(
  tasks: readonly Task[],
  { limit, sample }: Pick<WorldSettings, "limit" | "sample">,
): readonly Task[] {
  return (sample === undefined ? tasks : sampled(tasks, sample)).slice(0, limit);
}

async function checkFolder(directory: string | null | undefined): Promise<void> {
  if (directory === undefined || directory === null) return;
  const isFolder = await stat(directory).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new AgentRefineError(`there is no folder ${directory}`, { fix: "Check its path." });
}

/** A suite with those of its tasks that are played; `onNote` is told what a limit leaves out. */
function limitedSuite(
  suite: Suite,
  settings: WorldSettings,
  onNote: ((note: string) => void) | undefined,
): Suite {
  const tasks = chosenTasks(suite.tasks, settings);
  const groups = [...new Set(suite.tasks.map(({ group }) => group))];
  const played = new Set(tasks.map(({ group }) => group));
  const left = groups.filter((group) => !played.has(group));
  if (left.length > 0 && tasks.length > 0) {
    const named = left.slice(0, 5);
    const better =
      settings.sample === undefined ? "; a sample has some of each as long as there are enough" : "";
    onNote?.(
      `${suite.name}: ${tasks.length} of ${suite.tasks.length} tasks are played, and ${left.length} of ${groups.length} groups left out (${named.join(", ")}${left.length > named.length ? ", …" : ""})${better}`,
    );
  }
  return { ...suite, tasks };
}

/** A suite whose instructions have no worked example. */
function withoutExamples(suite: Suite): Suite {
  return {
    ...suite,
    instruction: (task, start) => {
      const { example: _example, ...instruction } = suite.instruction(task, start) ?? {};
      return "goal" in instruction ? instruction : undefined;
    },
  };
}

/** Loads suites by their names, in other words where that is set. Throws AgentRefineError. */
export async function openSuites(
  settings: WorldSettings,
  onNote?: (note: string) => void,
): Promise<readonly Suite[]> {
  const { suites, example = true, compat, agentboard, perturbation } = settings;
  const { split, seed, judge, wikipedia, recorded, pages } = settings;
  checkRules(settings);
  await checkFolder(agentboard);
  const options = { compat, agentboard, perturbation, split, seed, judge, wikipedia, recorded, pages };
  const opening = await Promise.allSettled(
    suites.map(async (name) => {
      const loaded = await loadSuite(name, options);
      const suite = limitedSuite(example ? loaded : withoutExamples(loaded), settings, onNote);
      if (suite.tasks.length > 0) return suite;
      throw new AgentRefineError(`the suite ${name} has no task`, {
        fix: "Look at what AgentBoard's files and the limit leave of it.",
      });
    }),
  );
  const failed = opening.find((each) => each.status === "rejected");
  // Who brings one missing thing shall not be told of the next one then.
  if (failed !== undefined) throw (await severalMissing(suites.map(definitionOf), options)) ?? failed.reason;
  return opening.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
}
