import { stat } from "node:fs/promises";
import { instructionFor } from "../agent/instructions/instruction-for.ts";
import { perturbInstruction } from "../agent/instructions/perturb-instruction.ts";
import type { Suite, Task } from "../environment/environment.ts";
import { perturbSuite } from "../environment/perturbations/perturb-suite.ts";
import { perturbationFor } from "../environment/perturbations/perturbation-for.ts";
import {
  isSuiteName,
  knowsPlainRules,
  loadSuite,
  SUITE_NAMES,
  type SuiteName,
} from "../environment/suites.ts";
import { AgentRefineError } from "../errors.ts";
import { hash32 } from "../random.ts";
import { groupBy } from "./metrics/scores.ts";
import type { PlayOptions } from "./play-episode.ts";
import type { EvaluationSettings } from "./settings.ts";

/** Which worlds are played and how. */
export type WorldSettings = Pick<
  EvaluationSettings,
  "suites" | "compat" | "agentboard" | "perturbation" | "limit" | "sample"
>;

function suiteName(name: string): SuiteName {
  if (isSuiteName(name)) return name;
  throw new AgentRefineError(`there is no suite "${name}"`, {
    fix: `The suites are ${SUITE_NAMES.join(", ")}.`,
  });
}

/** Those of the suites to which the plain rules do not apply although they are asked for. */
export function suitesLeftAsTheyAre({
  suites,
  compat,
}: Pick<WorldSettings, "suites" | "compat">): readonly string[] {
  return compat === "plain" ? suites.filter((name) => !knowsPlainRules(suiteName(name))) : [];
}

/** Refuses rules that apply to none of the suites. Throws AgentRefineError. */
export function checkRules(settings: Pick<WorldSettings, "suites" | "compat">): void {
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

async function checkFolder(directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  const isFolder = await stat(directory).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new AgentRefineError(`there is no folder ${directory}`, { fix: "Check its path." });
}

/** A suite with those of its tasks that are played; `onNote` is told what a limit leaves out. */
function limitedSuite(
  suite: Suite,
  { limit, sample }: WorldSettings,
  onNote: ((note: string) => void) | undefined,
): Suite {
  const tasks = (sample === undefined ? suite.tasks : sampled(suite.tasks, sample)).slice(0, limit);
  const groups = [...new Set(suite.tasks.map(({ group }) => group))];
  const played = new Set(tasks.map(({ group }) => group));
  const left = groups.filter((group) => !played.has(group));
  if (left.length > 0 && tasks.length > 0) {
    const better = sample === undefined ? "; a sample has some of each as long as there are enough" : "";
    onNote?.(
      `${suite.name}: ${tasks.length} of ${suite.tasks.length} tasks are played, and ${left.length} of ${groups.length} groups left out (${left.join(", ")})${better}`,
    );
  }
  return { ...suite, tasks };
}

/** Loads suites by their names, in other words where that is set. Throws AgentRefineError. */
export async function openSuites(
  settings: WorldSettings,
  onNote?: (note: string) => void,
): Promise<readonly Suite[]> {
  const { suites, compat, agentboard, perturbation } = settings;
  const names = suites.map(suiteName);
  checkRules(settings);
  await checkFolder(agentboard);
  const options = { compat, ...(agentboard === undefined ? {} : { agentboard }) };
  return Promise.all(
    names.map(async (name) => {
      const suite = limitedSuite(await loadSuite(name, options), settings, onNote);
      if (suite.tasks.length === 0) {
        throw new AgentRefineError(`the suite ${name} has no task`, {
          fix: "Look at what AgentBoard's files and the limit leave of it.",
        });
      }
      if (perturbation === undefined) return suite;
      return perturbSuite(suite, (group) => perturbationFor(perturbation, name, group));
    }),
  );
}

/** What agents are told of a task: in other words where that is set, and without an example where that is set. */
export function instructWith({
  perturbation,
  example,
}: Pick<EvaluationSettings, "perturbation" | "example">): NonNullable<PlayOptions["instruct"]> {
  return (suite, task, start) => {
    const { example: shown, ...bare } = instructionFor(suite, task, start);
    const instruction = example && shown !== undefined ? { ...bare, example: shown } : bare;
    if (perturbation === undefined) return instruction;
    return perturbInstruction(instruction, perturbationFor(perturbation, suite.name, task.group));
  };
}
