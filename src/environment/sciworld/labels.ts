import * as z from "zod";
import { shortWords } from "../../errors.ts";
import { type DataFile, readingFrom, readLabelLines } from "../agentboard-files.ts";
import { compileLabelPattern, type LabelPattern } from "../label-pattern.ts";
import { type Difficulty, difficultySchema } from "../suite.ts";
import { type Problem, unknownProblem } from "./tasks.ts";

/** What AgentBoard's label file says of one task. */
export interface Label extends Problem {
  /** What the agent is told to do, mostly in other words than the simulator's. */
  readonly goal: string;
  readonly difficulty: Difficulty;
  /** Patterns that observations are searched for. */
  readonly subgoals: readonly LabelPattern[];
  /** Why the task cannot be played, with the file and the line; undefined when it can. */
  readonly problem: string | undefined;
}

const MOST_PATTERNS = 100;

const labelLine = z.looseObject({
  goal: z.string(),
  subgoals: z.array(z.string()).min(1).max(MOST_PATTERNS),
  difficulty: difficultySchema,
  additional_info: z.looseObject({ var: z.number(), env_name: z.string() }),
});

function readLabel(value: unknown, place: string): Label {
  const { goal, subgoals, difficulty, additional_info } = labelLine.parse(value);
  const problem = { kind: additional_info.env_name, variation: additional_info.var };
  const compiled = subgoals.map(compileLabelPattern);
  const reason = unknownProblem(problem) ?? compiled.find(({ problem }) => problem !== undefined)?.problem;
  return {
    ...problem,
    goal,
    difficulty,
    subgoals: compiled.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern])),
    problem: reason === undefined ? undefined : shortWords(`${place}: ${reason}`),
  };
}

/**
 * AgentBoard's labels of ScienceWorld. A label that fits no task, or has a pattern that cannot be read, says so in
 * `problem`. Throws an AgentRefineError for a line that is no label.
 */
export function readLabels(file: DataFile): readonly Label[] {
  return readingFrom(file, (text) =>
    readLabelLines(text, "ScienceWorld", (value, line) => readLabel(value, `${file.path}, line ${line}`)),
  );
}
