import { instructionFor } from "../../agent/instructions/instruction-for.ts";
import { perturbInstruction } from "../../agent/instructions/perturb-instruction.ts";
import { nearest } from "../../config/nearest.ts";
import type { Start, Suite, Task } from "../../environment/environment.ts";
import { perturbSuite } from "../../environment/perturbations/perturb-suite.ts";
import { perturbationFor } from "../../environment/perturbations/perturbation-for.ts";
import {
  isSuiteName,
  knowsPlainRules,
  loadSuite,
  SUITE_NAMES,
  type SuiteName,
} from "../../environment/suites.ts";
import type { Instruction } from "../../react.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { UsageError } from "../usage-error.ts";
import type { EvaluationSettings } from "./evaluation-settings.ts";

/** The names in a list such as `pddl,babyai`, each once. Throws AgentRefineError for one that there is not. */
export function parseSuites(text: string): readonly SuiteName[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    if (isSuiteName(name)) return name;
    throw new UsageError(evaluateWords.noSuite(name, nearest(name, SUITE_NAMES)), {
      fix: evaluateWords.noSuiteFix(SUITE_NAMES),
    });
  });
}

/** What the rules of worlds are chosen by. */
type RuleSettings = Pick<EvaluationSettings, "suites" | "compat">;

/** Those of the suites to which the plain rules do not apply although they are asked for. */
export function suitesLeftAsTheyAre({ suites, compat }: RuleSettings): readonly string[] {
  if (compat !== "plain") return [];
  return suites.filter((name) => !isSuiteName(name) || !knowsPlainRules(name));
}

/** Refuses rules that apply to none of the suites. Throws AgentRefineError. */
export function checkRules(settings: RuleSettings): void {
  const left = suitesLeftAsTheyAre(settings);
  if (left.length === 0 || left.length < settings.suites.length) return;
  throw new UsageError(evaluateWords.noPlainRules(left), { fix: evaluateWords.noPlainRulesFix });
}

/** Which worlds are played and how. */
export type WorldSettings = Pick<
  EvaluationSettings,
  "suites" | "compat" | "agentboard" | "perturbation" | "limit"
>;

/** Loads suites, in other words where that is set. Throws AgentRefineError. */
export function loadSuites({
  suites,
  compat,
  agentboard,
  perturbation,
  limit,
}: WorldSettings): Promise<readonly Suite[]> {
  const options = { compat, ...(agentboard === undefined ? {} : { agentboard }) };
  return Promise.all(
    parseSuites(suites.join(",")).map(async (name) => {
      const suite = await loadSuite(name, options);
      const limited = { ...suite, tasks: suite.tasks.slice(0, limit) };
      if (perturbation === undefined) return limited;
      return perturbSuite(limited, (group) => perturbationFor(perturbation, name, group));
    }),
  );
}

/** What agents are told of a task: in other words where that is set, and without an example where that is set. */
export function instructWith({
  perturbation,
  example,
}: Pick<EvaluationSettings, "perturbation" | "example">): (
  suite: Suite,
  task: Task,
  start: Start,
) => Instruction {
  return (suite, task, start) => {
    const { example: shown, ...bare } = instructionFor(suite, task, start);
    const instruction = example && shown !== undefined ? { ...bare, example: shown } : bare;
    if (perturbation === undefined) return instruction;
    return perturbInstruction(instruction, perturbationFor(perturbation, suite.name, task.group));
  };
}
