import * as z from "zod";
import type { DataFile } from "../agentboard-files.ts";
import { agentboardLabel, type LabelLine, readLabelLines } from "../labels.ts";
import type { SubgoalPatterns } from "./play/progress.ts";

/** Lists of one length: alternatives beside each other. */
const subgoalPatterns = z
  .array(z.array(z.string()).min(1))
  .min(1)
  .refine((lists) => lists.every(({ length }) => length === lists[0]?.length));

const labelSchema = agentboardLabel
  .transform(({ difficulty, additional_info: { subtask }, ...row }) => ({
    difficulty,
    level: subtask,
    subgoals: Object.keys(row).flatMap((key) => (key.includes("subgoals") ? [row[key]] : [])),
  }))
  .pipe(
    z.object({ difficulty: agentboardLabel.shape.difficulty, level: z.string(), subgoals: subgoalPatterns }),
  );

/** What AgentBoard's label file says about one task: its level, how hard it is, and its subgoals. */
export type Label = Readonly<Omit<z.infer<typeof labelSchema>, "subgoals">> & {
  readonly subgoals: SubgoalPatterns;
};

/** AgentBoard's BabyAI labels, in the order of its tasks. Throws an AgentRefineError for a file of other things. */
export function readLabels(file: DataFile): readonly LabelLine<Label>[] {
  return readLabelLines(file, "BabyAI", labelSchema);
}
