import { availableParallelism } from "node:os";
import { AgentRefineError } from "../../errors.ts";
import type { LabelLine } from "../labels.ts";
import { PROGRESS, SUCCESS, type Suite, type Task, type Variant } from "../suite.ts";
import { instructionFor } from "./guide.ts";
import { type Rules, SciworldWorld } from "./sciworld-world.ts";
import { type Label, scoreByLabel, scoreBySimulator } from "./scoring.ts";
import type { GoldFinder, Simulators } from "./simulator/simulators.ts";
import { AGENTBOARD_PROBLEMS, type Problem, problemId, trainProblems } from "./tasks.ts";

/** Which tasks are played. */
type SciworldTasks =
  /** AgentBoard's, scored by its labels. */
  | { readonly split: "test"; readonly labels: readonly LabelLine<Label>[] }
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

/**
 * Longer than the simulator may take for one answer: a step asks for several, and opening may wait for others to
 * start.
 */
const STEP_SECONDS = 300;

/** AgentBoard's tasks that nobody can achieve, by their place. */
const UNREACHABLE: ReadonlyMap<number, string> = new Map([
  [17, "use-thermometer/7"],
  [51, "lifespan-longest-lived/1"],
  [52, "lifespan-longest-lived/2"],
  [76, "find-non-living-thing/22"],
]);

function ceilingRemark(lines: readonly LabelLine<Label>[]): readonly string[] {
  const isAgentboards = [...UNREACHABLE].every(([place, id]) => {
    const label = lines[place]?.label;
    return label !== undefined && problemId(label) === id;
  });
  const ceiling = `Four of AgentBoard's labels can never be complete (${[...UNREACHABLE.values()].join(", ")}: a stray comma, animals of another variation, unescaped parentheses), so that 95.6 % is the highest success.`;
  return isAgentboards ? [ceiling] : [];
}

/** A line of labels with the problem that it is of. */
interface LabelledProblem {
  readonly problem: Problem;
  readonly line: LabelLine<Label>;
}

/**
 * The problems of labels. What is no label is of AgentBoard's problem at its place, when no other line is; where that
 * cannot be, the line is told of in a remark.
 */
function problemsOf(lines: readonly LabelLine<Label>[]): {
  readonly played: readonly LabelledProblem[];
  readonly remarks: readonly string[];
} {
  const taken = new Set(lines.flatMap(({ label }) => (label === undefined ? [] : [problemId(label)])));
  const seen = new Set<string>();
  const played: LabelledProblem[] = [];
  const remarks: string[] = [];
  for (const [place, line] of lines.entries()) {
    const { label, where } = line;
    const own = AGENTBOARD_PROBLEMS[place];
    const problem = label ?? (own === undefined || taken.has(problemId(own)) ? undefined : own);
    if (problem === undefined) remarks.push(line.problem ?? where);
    else if (seen.has(problemId(problem)))
      remarks.push(`${where}: ${problemId(problem)} has a label already`);
    else {
      seen.add(problemId(problem));
      played.push({ problem, line });
    }
  }
  return { played, remarks };
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

function createTask(
  problem: Problem,
  line: LabelLine<Label> | undefined,
  { rules, simulators, findGold }: SciworldOptions,
): Task {
  const label = line?.label;
  return {
    id: problemId(problem),
    group: problem.kind,
    difficulty: label?.difficulty,
    open: async () => {
      if (line?.problem !== undefined) throw new AgentRefineError(line.problem);
      const scoring = label === undefined ? scoreBySimulator() : scoreByLabel(label.subgoals);
      const { kind, variation } = problem;
      const play = { kind, variation, rules, goal: label?.goal, scoring };
      return new SciworldWorld(play, simulators, await simulators.take());
    },
    solve: () => findGold(problem),
  };
}

/** ScienceWorld's tasks, played in simulators that are started when they are needed. */
export function createSciworldSuite(options: SciworldOptions): Suite {
  const { tasks: chosen, remarks = [] } = options;
  const lines = chosen.split === "test" ? chosen.labels : undefined;
  const labelled = lines === undefined ? undefined : problemsOf(lines);
  const bare = chosen.split === "train" ? trainProblems(chosen.seed) : AGENTBOARD_PROBLEMS;
  const tasks =
    labelled?.played.map(({ problem, line }) => createTask(problem, line, options)) ??
    bare.map((problem) => createTask(problem, undefined, options));
  return {
    name: "sciworld",
    variant: variantOf(options),
    measures: [SUCCESS, PROGRESS],
    maxTurns: 30,
    worldsAtOnce: worldsAtOnce(availableParallelism(), process.availableMemory()),
    stepSeconds: STEP_SECONDS,
    remarks: [...(lines === undefined ? [] : ceilingRemark(lines)), ...(labelled?.remarks ?? []), ...remarks],
    tasks,
    instruction: (_task, { goal }) => instructionFor(goal),
  };
}
