import { availableParallelism } from "node:os";
import { PROGRESS, SUCCESS, type Suite, type Task, type Variant } from "../suite.ts";
import type { GoldFinder } from "./gold.ts";
import { instructionFor } from "./guide.ts";
import type { Label } from "./labels.ts";
import { type Rules, SciworldWorld } from "./sciworld-world.ts";
import { scoreByLabel, scoreBySimulator } from "./scoring.ts";
import type { Simulators } from "./simulator/simulators.ts";
import { AGENTBOARD_PROBLEMS, type Problem, problemId, trainProblems } from "./tasks.ts";

/** Which tasks are played. */
type SciworldTasks =
  /** AgentBoard's, scored by its labels. */
  | { readonly split: "test"; readonly labels: readonly Label[] }
  /** The same without labels: the simulator scores. */
  | { readonly split: "test"; readonly labels?: undefined }
  | { readonly split: "train"; readonly seed: number };

/** How the suite is played. */
export interface SciworldOptions {
  readonly rules: Rules;
  readonly tasks: SciworldTasks;
  readonly simulators: Simulators;
  readonly findGold: GoldFinder;
  /** What is unlike the pinned simulator, such as another release; nothing for the pinned one. */
  readonly otherSimulator?: string | undefined;
  /** Further things that a reader of the results must know. */
  readonly remarks?: readonly string[];
}

/** Memory of a world with its JVM, with some room. */
const WORLD_BYTES = 256 * 2 ** 20;
/** Between two actions a world waits for the model, which takes far longer than the ten milliseconds of an action. */
const WORLDS_A_CORE = 4;

/** As many worlds as half of the free memory holds, and not more than the cores can start in a while. */
export function worldsAtOnce(cores: number, freeBytes: number): number {
  return Math.max(1, Math.min(WORLDS_A_CORE * cores, Math.floor(freeBytes / 2 / WORLD_BYTES)));
}

/** Longer than the simulator may take for one answer: a step asks for several, and opening may wait for others to start. */
const STEP_SECONDS = 300;

/** AgentBoard's tasks that nobody can achieve, by their place. */
const UNREACHABLE: ReadonlyMap<number, string> = new Map([
  [17, "use-thermometer/7"],
  [51, "lifespan-longest-lived/1"],
  [52, "lifespan-longest-lived/2"],
  [76, "find-non-living-thing/22"],
]);

function labelRemarks(labels: readonly Label[]): readonly string[] {
  const isAgentboards = [...UNREACHABLE].every(([place, id]) => {
    const label = labels[place];
    return label !== undefined && problemId(label) === id;
  });
  const ceiling = `Four of AgentBoard's labels can never be complete (${[...UNREACHABLE.values()].join(", ")}: a stray comma, animals of another variation, unescaped parentheses), so that 95.6 % is the highest success.`;
  const problems = labels.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  return [...(isAgentboards ? [ceiling] : []), ...problems.map((problem) => `Cannot be played: ${problem}.`)];
}

function variantOf({ rules, tasks, otherSimulator }: SciworldOptions): Variant {
  const inOther = otherSimulator === undefined ? "" : `, ${otherSimulator}`;
  if (tasks.split === "train") {
    const problems = `ScienceWorld's train variations${inOther}`;
    return { rules, problems, scoring: "the simulator's score", words: null };
  }
  const scoring = tasks.labels === undefined ? "the simulator's score" : "labels";
  return { rules, problems: `AgentBoard's problems${inOther}`, scoring, words: null };
}

function createTask(problem: Problem, label: Label | undefined, options: SciworldOptions): Task {
  const { rules, simulators, findGold } = options;
  return {
    id: problemId(problem),
    group: problem.kind,
    difficulty: label?.difficulty,
    open: async () => {
      if (label?.problem !== undefined) throw new Error(label.problem);
      const scoring = label === undefined ? scoreBySimulator() : scoreByLabel(label.subgoals);
      const play = { ...problem, rules, goal: label?.goal, scoring };
      return new SciworldWorld(play, simulators, await simulators.take());
    },
    solve: () => findGold(problem),
  };
}

function tasksOf(options: SciworldOptions): readonly Task[] {
  const { tasks } = options;
  if (tasks.split === "train") {
    return trainProblems(tasks.seed).map((problem) => createTask(problem, undefined, options));
  }
  const { labels } = tasks;
  return labels === undefined
    ? AGENTBOARD_PROBLEMS.map((problem) => createTask(problem, undefined, options))
    : labels.map((label) => createTask(label, label, options));
}

/** ScienceWorld's tasks, played in simulators that are started when they are needed. */
export function createSciworldSuite(options: SciworldOptions): Suite {
  const { tasks, remarks = [] } = options;
  const labels = tasks.split === "test" ? tasks.labels : undefined;
  return {
    name: "sciworld",
    variant: variantOf(options),
    measures: [SUCCESS, PROGRESS],
    maxTurns: 30,
    worldsAtOnce: worldsAtOnce(availableParallelism(), process.availableMemory()),
    stepSeconds: STEP_SECONDS,
    remarks: [...(labels === undefined ? [] : labelRemarks(labels)), ...remarks],
    tasks: tasksOf(options),
    instruction: (_task, { goal }) => instructionFor(goal),
  };
}
