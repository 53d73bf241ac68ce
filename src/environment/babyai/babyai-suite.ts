import { AgentRefineError } from "../../errors.ts";
import { once } from "../../shipped.ts";
import type { DataFile } from "../agentboard-files.ts";
import { instructionOf } from "../guide.ts";
import { fittingLines, type LabelLine } from "../labels.ts";
import { PROGRESS, SUCCESS, type Suite, type Task } from "../suite.ts";
import { worldOf } from "../world.ts";
import { type BabyaiOptions, createBabyaiWorld, scoreByLabels, scoreByMission } from "./babyai-world.ts";
import { solveBabyai } from "./expert/solve.ts";
import { BABYAI_GUIDE } from "./guide.ts";
import { type Label, readLabels } from "./labels.ts";
import { type GeneratedLevel, generateLevel } from "./levels/generate-level.ts";
import { LEVELS, type NamedLevel } from "./levels/level-list.ts";
import type { Rules } from "./play/play.ts";

/** AgentBoard's 28 levels by number, in the order of its tasks. */
const BENCHMARK_LEVELS: readonly number[] = [
  ...Array.from({ length: 21 }, (_, i) => i + 1),
  ...[24, 25, 27, 28, 29, 31, 32],
];
const SEEDS: readonly number[] = [1234, 1235, 1236, 1237];

/** How the suite is played. */
interface BabyaiSuiteOptions {
  /** "agentboard" for numbers that can be compared with the paper's, "plain" with its unfair quirks fixed. */
  readonly rules: Rules;
  /** AgentBoard's labels; without them progress comes from the mission's own parts. */
  readonly labels?: DataFile;
}

interface BabyaiTask {
  readonly level: NamedLevel;
  readonly seed: number;
}

function createTask(
  { level: { name, level }, seed }: BabyaiTask,
  rules: Rules,
  line: LabelLine<Label> | undefined,
): Task {
  const generated = once((): GeneratedLevel => generateLevel(level, seed));
  const label = line?.label;
  const options: BabyaiOptions = {
    rules,
    scoring: label === undefined ? scoreByMission : scoreByLabels(label.subgoals),
  };
  return {
    id: `${name}/${seed}`,
    group: name,
    difficulty: label?.difficulty,
    open: async () => {
      if (line?.problem !== undefined) throw new AgentRefineError(line.problem);
      return worldOf(createBabyaiWorld(generated(), options));
    },
    solve: async () => solveBabyai(generated(), options),
  };
}

function suiteOf(tasks: readonly Task[], rules: Rules, problems: string, scoring: string): Suite {
  return {
    name: "babyai",
    variant: { rules, problems, scoring, words: null },
    measures: [SUCCESS, PROGRESS],
    maxTurns: 30,
    tasks,
    instruction: (_task, start) => instructionOf(BABYAI_GUIDE, start),
  };
}

/**
 * The 112 BabyAI tasks of AgentBoard, in its order.
 * @throws AgentRefineError when the labels belong to other tasks.
 */
export function createBabyaiSuite({ rules, labels }: BabyaiSuiteOptions): Suite {
  const levels = LEVELS.filter((_level, place) => BENCHMARK_LEVELS.includes(place + 1));
  const played = levels.flatMap((level) => SEEDS.map((seed) => ({ level, seed })));
  const groups = played.map(({ level: { name } }) => ({ group: name, task: name }));
  const lines = labels && fittingLines(readLabels(labels), groups, ({ level }) => level, labels);
  const tasks = played.map((task, place) => createTask(task, rules, lines?.[place]));
  const scoring = labels === undefined ? "mission parts" : "labels";
  return suiteOf(tasks, rules, "AgentBoard's problems", scoring);
}

/** Above every seed of the benchmark. */
const FIRST_TRAINING_SEED = 100_000;

/** How many worlds of each level there are to train on. */
const TRAINING_WORLDS = 4;

/**
 * Tasks to train on: worlds of all 40 levels, also those that the benchmark leaves out, with seeds that are not its
 * own. Another `seed` gives other worlds.
 */
export function createBabyaiTraining(rules: Rules, seed: number): Suite {
  const seeds = Array.from(
    { length: TRAINING_WORLDS },
    (_, world) => FIRST_TRAINING_SEED + TRAINING_WORLDS * (seed >>> 0) + world,
  );
  const tasks = LEVELS.flatMap((level) =>
    seeds.map((each) => createTask({ level, seed: each }, rules, undefined)),
  );
  return suiteOf(tasks, rules, `own problems of seed ${seed} to train on`, "mission parts");
}
