import * as z from "zod";
import type { DataFile } from "../agentboard-files.ts";
import { compileLabelPattern, type LabelPattern } from "../label-pattern.ts";
import { difficultySchema } from "../suite.ts";

const labelRow = z.looseObject({
  subgoals: z.array(z.string()),
  difficulty: difficultySchema,
  additional_info: z.looseObject({ description: z.string() }),
});

/** AgentBoard's label of a task: the patterns of its subgoals, or why they cannot be used. */
export interface Label {
  /** Its line in the file, from 1. */
  readonly line: number;
  readonly difficulty: "easy" | "hard";
  readonly subgoals: readonly LabelPattern[];
  /** What is wrong with it, with file and line; its task cannot be scored. */
  readonly problem?: string;
}

/** Labels by their tasks, and what is wrong with lines, a sentence each. */
export interface Labels {
  readonly of: ReadonlyMap<string, Label>;
  readonly remarks: readonly string[];
}

function parse(line: string): z.infer<typeof labelRow> | undefined {
  try {
    return labelRow.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Reads AgentBoard's labels. A line that is of no use is told, and the others hold. */
export function readLabels({ path, text }: DataFile): Labels {
  const labels = new Map<string, Label>();
  const remarks: string[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const where = `${path}, line ${index + 1}`;
    const row = parse(line);
    if (row === undefined) {
      remarks.push(`${where}: not a label of ALFWorld`);
      return;
    }
    const compiled = row.subgoals.map(compileLabelPattern);
    const problem = compiled.find((each) => each.problem !== undefined)?.problem;
    labels.set(row.additional_info.description, {
      line: index + 1,
      difficulty: row.difficulty,
      subgoals: compiled.flatMap(({ pattern }) => pattern ?? []),
      ...(problem === undefined ? {} : { problem: `${where}: ${problem}` }),
    });
    if (problem !== undefined) remarks.push(`${where}: ${problem}; its task cannot be played`);
  });
  return { of: labels, remarks };
}

/** How many lines are named one by one. */
const NAMED = 5;

/** Which labels are of none of the tasks, in one sentence at most. */
export function strayLabels(
  { path }: DataFile,
  labels: Labels,
  tasks: ReadonlySet<string>,
): readonly string[] {
  const lines = [...labels.of].filter(([task]) => !tasks.has(task)).map(([, { line }]) => line);
  if (lines.length === 0) return [];
  const named = lines.slice(0, NAMED).join(", ");
  const others = lines.length > NAMED ? ` and ${lines.length - NAMED} more` : "";
  return [
    `${path}, line${lines.length > 1 ? "s" : ""} ${named}${others}: labels of games that are not there`,
  ];
}
