import * as z from "zod";
import type { DataFile } from "../agentboard-files.ts";
import { type LabelLine, readLabelLines, usablePatterns } from "../label-lines.ts";
import { compileLabelPattern } from "../label-pattern.ts";
import { difficultySchema } from "../suite.ts";

const labelSchema = z
  .looseObject({
    subgoals: z.array(z.string()),
    difficulty: difficultySchema,
    additional_info: z.looseObject({ description: z.string() }),
  })
  .transform(({ subgoals, difficulty, additional_info: { description } }) => {
    const { patterns, problem } = usablePatterns(subgoals.map(compileLabelPattern));
    return { task: description, difficulty, subgoals: patterns, problem };
  });

/** AgentBoard's label of a task: the patterns of its subgoals, and what is wrong with one of them. */
export type Label = Readonly<z.infer<typeof labelSchema>>;

/** Labels by their tasks, and what is wrong with lines of which no task is known, a sentence each. */
export interface Labels {
  readonly of: ReadonlyMap<string, LabelLine<Label>>;
  readonly remarks: readonly string[];
}

/** Reads AgentBoard's labels. Throws an AgentRefineError for a file of other things. */
export function readLabels(file: DataFile): Labels {
  const lines = readLabelLines(file, "ALFWorld", labelSchema, ({ problem }) => problem);
  return {
    of: new Map(lines.flatMap((line) => (line.label === undefined ? [] : [[line.label.task, line]]))),
    remarks: lines.flatMap(({ label, problem }) => (label === undefined ? (problem ?? []) : [])),
  };
}

/** How many lines are named one by one. */
const NAMED = 5;

/** Which labels are of none of the tasks, in one sentence at most. */
export function strayLabels({ of }: Labels, tasks: ReadonlySet<string>): readonly string[] {
  const places = [...of].filter(([task]) => !tasks.has(task)).map(([, { where }]) => where);
  if (places.length === 0) return [];
  const others = places.length > NAMED ? ` and ${places.length - NAMED} more` : "";
  return [`${places.slice(0, NAMED).join("; ")}${others}: labels of games that are not there`];
}
