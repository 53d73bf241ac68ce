import * as z from "zod";
import { AgentRefineError, shortWords } from "../../errors.ts";
import type { DataFile } from "../agentboard-files.ts";
import { compileLabelPattern, type LabelPattern } from "../label-pattern.ts";
import type { Difficulty } from "../suite.ts";
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
  difficulty: z.enum(["easy", "hard"]),
  additional_info: z.looseObject({ var: z.number(), env_name: z.string() }),
});

function readLine(line: string, place: string): Label {
  const { goal, subgoals, difficulty, additional_info } = labelLine.parse(JSON.parse(line));
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
export function readLabels({ path, text }: DataFile): readonly Label[] {
  const lines = text.split("\n").flatMap((line, place) => (line.trim() === "" ? [] : [{ line, place }]));
  return lines.map(({ line, place }) => {
    const where = `${path}, line ${place + 1}`;
    try {
      return readLine(line, where);
    } catch (error) {
      throw new AgentRefineError(`${where} is not a label of ScienceWorld`, {
        fix: "Point to the scienceworld test.jsonl of AgentBoard's data archive.",
        cause: error,
      });
    }
  });
}
