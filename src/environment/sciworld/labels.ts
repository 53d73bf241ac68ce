import * as z from "zod";
import type { DataFile } from "../agentboard-files.ts";
import { type LabelLine, readLabelLines, usablePatterns } from "../label-lines.ts";
import { compileLabelPattern } from "../label-pattern.ts";
import { difficultySchema } from "../suite.ts";
import { unknownProblem } from "./tasks.ts";

const MOST_PATTERNS = 100;

const labelSchema = z
  .looseObject({
    /** What the agent is told to do, mostly in other words than the simulator's. */
    goal: z.string(),
    subgoals: z.array(z.string()).min(1).max(MOST_PATTERNS),
    difficulty: difficultySchema,
    additional_info: z.looseObject({ var: z.number(), env_name: z.string() }),
  })
  .transform(({ goal, subgoals, difficulty, additional_info }) => {
    const task = { kind: additional_info.env_name, variation: additional_info.var };
    const { patterns, problem } = usablePatterns(subgoals.map(compileLabelPattern));
    return { ...task, goal, difficulty, subgoals: patterns, problem: unknownProblem(task) ?? problem };
  });

/**
 * What AgentBoard's label file says of one task; `subgoals` are patterns that observations are searched for, and
 * `problem` tells why it cannot be played.
 */
export type Label = Readonly<z.infer<typeof labelSchema>>;

/** AgentBoard's labels of ScienceWorld, in its order. Throws an AgentRefineError for a file of other things. */
export function readLabels(file: DataFile): readonly LabelLine<Label>[] {
  return readLabelLines(file, "ScienceWorld", labelSchema, ({ problem }) => problem);
}
