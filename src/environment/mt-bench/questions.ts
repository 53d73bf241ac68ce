import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { fetchFix } from "../../data/published.ts";
import { AgentRefineError, storageError } from "../../errors.ts";
import { readRows } from "../labels.ts";

const questionLine = z.object({
  question_id: z.int(),
  category: z.string().min(1),
  turns: z.array(z.string().min(1)).min(1).max(2),
});

const referenceLine = z.object({
  question_id: z.int(),
  choices: z.array(z.object({ turns: z.array(z.string()).min(1) })).min(1),
});

/** A question of MT-bench, of one turn or two. */
export interface BenchQuestion {
  readonly id: number;
  readonly category: string;
  readonly turns: readonly string[];
  /** Right answers to the turns, which the judge is shown; for the categories that have one alone. */
  readonly reference?: readonly string[];
}

/** Categories whose answers are held against a reference. */
const WITH_REFERENCE = new Set(["math", "reasoning", "coding"]);

/** What some lines say, and what is wrong with the others. */
interface ReadLines<Row> {
  readonly rows: readonly Row[];
  readonly problems: readonly string[];
}

/** Reads JSON lines. Rejects with an AgentRefineError when the file cannot be read, or has no line that can be used. */
export async function readLines<Row>(
  file: string,
  schema: z.ZodType<Row>,
  name: string,
): Promise<ReadLines<Row>> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw storageError(error, "read", file);
  });
  const read = readRows(text, schema);
  const rows = read.flatMap(({ row }) => row ?? []);
  const problems = read.flatMap(({ number, row }) =>
    row === undefined ? [`${file}: line ${number} is not ${name}`] : [],
  );
  if (rows.length > 0) return { rows, problems };
  throw new AgentRefineError(`${file} has no line that is ${name}`, {
    fix: fetchFix("mt-bench"),
  });
}

/** The questions that can be played and judged, and what is wrong with the others. */
export interface ReadQuestions {
  readonly questions: readonly BenchQuestion[];
  readonly problems: readonly string[];
}

/** Reads the questions with their reference answers. Rejects with an AgentRefineError when there are none. */
export async function readQuestions(folder: string): Promise<ReadQuestions> {
  const file = join(folder, "question.jsonl");
  const answers = join(folder, "reference_answer", "gpt-4.jsonl");
  const asked = await readLines(file, questionLine, "a question of MT-bench");
  const known = await readLines(answers, referenceLine, "a reference answer");
  const references = new Map(known.rows.map((row) => [row.question_id, row.choices[0]?.turns ?? []]));
  const questions: BenchQuestion[] = [];
  const problems = [...asked.problems, ...known.problems];
  for (const { question_id: id, category, turns } of asked.rows) {
    const reference = references.get(id);
    if (!WITH_REFERENCE.has(category)) questions.push({ id, category, turns });
    else if (reference !== undefined && reference.length >= turns.length) {
      questions.push({ id, category, turns, reference });
    } else problems.push(`${answers}: there is no answer to question ${id}, which is not asked then`);
  }
  return { questions, problems };
}

/** FastChat's temperatures by category. */
const TEMPERATURES: Readonly<Record<string, number>> = {
  writing: 0.7,
  roleplay: 0.7,
  extraction: 0,
  math: 0,
  coding: 0,
  reasoning: 0,
  stem: 0.1,
  humanities: 0.1,
};

/** The temperature that a question of a category is answered at; 0.7 for those that FastChat does not name. */
export function temperatureOf(category: string): number {
  return TEMPERATURES[category] ?? 0.7;
}
