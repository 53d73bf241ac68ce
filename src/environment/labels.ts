import { RE2JS } from "re2js";
import * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import { pythonToRe2 } from "../python-to-re2.ts";
import type { DataFile } from "./agentboard-files.ts";
import { difficultySchema } from "./suite.ts";

/** A regular expression of a label in Python's syntax, matched in time linear in the text. */
export interface LabelPattern {
  readonly source: string;
  /** Whether it matches anywhere in the text, as Python's `re.search` does. */
  occursIn(text: string): boolean;
}

/** A compiled pattern, or in words why it cannot be used. */
type CompiledLabelPattern =
  | { readonly pattern: LabelPattern; readonly problem?: undefined }
  | { readonly pattern?: undefined; readonly problem: string };

/** A label is a line that someone wrote; a longer pattern than this is no label. */
const LONGEST = 2000;
const MOST_INSTRUCTIONS = 20_000;

/** A part of a pattern with the place after it: an escaped character, a class, or any other character. */
const PART = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|./sy;

/** Where the group that begins at a place ends; undefined when it does not. */
function groupEnd(source: string, begin: number): number | undefined {
  let depth = 0;
  PART.lastIndex = begin;
  for (let part = PART.exec(source)?.[0]; part !== undefined; part = PART.exec(source)?.[0]) {
    if (part === "(") depth += 1;
    if (part === ")") depth -= 1;
    if (depth === 0) return PART.lastIndex;
  }
  return undefined;
}

/**
 * A pattern as others that must all match from the beginning of the text: AgentBoard's labels of ALFWorld say so with
 * lookaheads, as `^(?=.* you see)(?=.*a mug \d+)`, of which the engine has none. Undefined for a pattern of another
 * form.
 */
function conjunction(source: string): readonly string[] | undefined {
  if (!source.startsWith("^(?=")) return undefined;
  const parts: string[] = [];
  let rest = source.slice(1);
  while (rest.startsWith("(?=")) {
    const end = groupEnd(rest, 0);
    if (end === undefined) return undefined;
    parts.push(rest.slice("(?=".length, end - 1));
    rest = rest.slice(end);
  }
  // What follows may be no quantifier, and no other branch, to which the beginning would not belong.
  return /^[*+?{]|\|/.test(rest) ? undefined : [...parts, rest].map((part) => `^(?:${part})`);
}

/** Compiles a label's regular expression. Other lookaround and backreferences cannot be matched in linear time. */
export function compileLabelPattern(source: string): CompiledLabelPattern {
  if (source.length > LONGEST) {
    return { problem: `the pattern has ${source.length} characters, more than ${LONGEST}` };
  }
  try {
    const all = (conjunction(source) ?? [source]).map((part) =>
      RE2JS.compile(pythonToRe2(part, false, true)),
    );
    if (all.reduce((sum, each) => sum + each.programSize(), 0) > MOST_INSTRUCTIONS) {
      return { problem: `the pattern ${source} is too large` };
    }
    return { pattern: { source, occursIn: (text) => all.every((each) => each.matcher(text).find()) } };
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return { problem: `the pattern ${source} cannot be read: ${words}` };
  }
}

/** What AgentBoard's label files say of every task: how hard it is, and the level or game that it is of. */
export const agentboardLabel = z.looseObject({
  difficulty: difficultySchema,
  additional_info: z.looseObject({ subtask: z.string() }),
});

/** A line of AgentBoard's label file. What is wrong with it costs its own task alone. */
export interface LabelLine<Label> {
  /** Its file and its number, from 1. */
  readonly where: string;
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

/** What the label of a task must be of: a level or a game; `task` is how the task is called where it is not. */
interface LabelledTask {
  readonly group: string;
  readonly task: string;
}

/**
 * The same for labels that say what they are of: one of another level or game costs its own task alone. Throws an
 * AgentRefineError when no line fits its task.
 */
export function fittingLines<Label>(
  lines: readonly LabelLine<Label>[],
  tasks: readonly LabelledTask[],
  groupOf: (label: Label) => string,
  file: DataFile,
): readonly LabelLine<Label>[] {
  const fitting = linesOfTasks(lines, tasks.length, file).map((line, place) => {
    const group = line.label && groupOf(line.label);
    if (group === undefined || group === tasks[place]?.group) return line;
    const problem = `${line.where}: a label of ${group}, where one of ${tasks[place]?.task} belongs`;
    return { ...line, problem };
  });
  if (fitting.some(({ problem }) => problem === undefined)) return fitting;
  throw new AgentRefineError(`the labels do not fit the benchmark: ${fitting[0]?.problem}`, {
    fix: `Use ${file.path} of AgentBoard's data archive unchanged, or take it away.`,
  });
}
