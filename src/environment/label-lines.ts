import * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import type { DataFile } from "./agentboard-files.ts";
import type { CompiledLabelPattern, LabelPattern } from "./label-pattern.ts";
import { difficultySchema } from "./suite.ts";

/** What AgentBoard's label files say of every task: how hard it is, and the level or game that it is of. */
export const agentboardLabel = z.looseObject({
  difficulty: difficultySchema,
  additional_info: z.looseObject({ subtask: z.string() }),
});

/** A line of AgentBoard's label file. What is wrong with it costs its own task alone. */
export interface LabelLine<Label> {
  /** Its file and its number, from 1. */
  readonly where: string;
  /** Undefined for what is no label. */
  readonly label: Label | undefined;
  /** Why its task cannot be scored by it, with the place; undefined when it can. */
  readonly problem: string | undefined;
}

function parse<Row>(line: string, schema: z.ZodType<Row>): Row | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/**
 * The lines of a text that are not blank, one JSON value each, with their numbers from 1; undefined for what is no
 * row.
 */
export function readRows<Row>(
  text: string,
  schema: z.ZodType<Row>,
): readonly { readonly number: number; readonly row: Row | undefined }[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [{ number: index + 1, row: parse(line, schema) }]));
}

/**
 * Reads AgentBoard's labels of a benchmark, one a line, in the order of its tasks; `problemOf` tells what is wrong with
 * one that can be read. Throws an AgentRefineError for a file in which no line is a label.
 */
export function readLabelLines<Label>(
  { path, text }: DataFile,
  benchmark: "ALFWorld" | "BabyAI" | "Jericho" | "PDDL" | "ScienceWorld",
  schema: z.ZodType<Label>,
  problemOf: (label: Label) => string | undefined = () => undefined,
): readonly LabelLine<Label>[] {
  const rows = readRows(text, schema);
  if (rows.every(({ row }) => row === undefined)) {
    throw new AgentRefineError(`${path}: no line is a label of ${benchmark}`, {
      fix: `Point to the ${benchmark.toLowerCase()} test.jsonl of AgentBoard's data archive.`,
    });
  }
  return rows.map(({ number, row }) => {
    const where = `${path}, line ${number}`;
    const problem = row === undefined ? `not a label of ${benchmark}` : problemOf(row);
    return { where, label: row, problem: problem === undefined ? undefined : `${where}: ${problem}` };
  });
}

/** The labels among lines. */
export function labelsIn<Label>(lines: readonly LabelLine<Label>[]): readonly Label[] {
  return lines.flatMap(({ label }) => label ?? []);
}

/** The patterns that can be matched, and what is wrong with the first that cannot. */
export function usablePatterns(compiled: readonly CompiledLabelPattern[]): {
  readonly patterns: readonly LabelPattern[];
  readonly problem: string | undefined;
} {
  return {
    patterns: compiled.flatMap(({ pattern }) => pattern ?? []),
    problem: compiled.find((each) => each.problem !== undefined)?.problem,
  };
}

/** The lines of labels that are of `count` tasks by their places. Throws an AgentRefineError when there are others. */
export function linesOfTasks<Label>(
  lines: readonly LabelLine<Label>[],
  count: number,
  { path }: DataFile,
): readonly LabelLine<Label>[] {
  if (lines.length === count) return lines;
  throw new AgentRefineError(`${path} has ${lines.length} labels for ${count} tasks`, {
    fix: "Use the test.jsonl of AgentBoard's data archive, unchanged.",
  });
}
