import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { fetchFix } from "../../data/published.ts";
import { AgentRefineError, storageError } from "../../errors.ts";
import { rankOf } from "../../random.ts";

const questionSchema = z.object({
  question: z.string().trim().min(1),
  answer: z.string().trim().min(1),
  /** `bridge` or `comparison`. */
  type: z.string().default("question"),
});

/** A question of HotpotQA. */
export interface Question extends z.infer<typeof questionSchema> {
  /** Its row in the file, from 0. */
  readonly row: number;
}

/** The file of the development set in its folder. */
const FILE = "hotpot_dev_v1_simplified.json";

/** Questions, and what was wrong with the rows that are none. */
interface ReadQuestions {
  readonly questions: readonly Question[];
  readonly problems: readonly string[];
}

/** Reads the development set. Rejects with an AgentRefineError when it cannot be read at all. */
export async function readQuestions(folder: string): Promise<ReadQuestions> {
  const file = join(folder, FILE);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw storageError(error, "read", file);
  });
  const damaged = (): AgentRefineError =>
    new AgentRefineError(`${file} is not a list of HotpotQA's questions`, {
      fix: fetchFix("hotpotqa"),
    });
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    throw damaged();
  }
  if (!Array.isArray(rows)) throw damaged();
  const questions: Question[] = [];
  const problems: string[] = [];
  for (const [row, content] of rows.entries()) {
    const read = questionSchema.safeParse(content);
    if (read.success) questions.push({ ...read.data, row });
    else problems.push(`${file}: row ${row + 1} is no question with an answer`);
  }
  if (questions.length === 0) throw damaged();
  return { questions, problems };
}

/** How many questions the paper draws (section 4.1); which, nobody has told. */
export const DRAWN = 300;

/** Those that are scored, drawn by a seed; or, to train on, all others in an order that the seed gives. */
export function drawQuestions(
  questions: readonly Question[],
  split: "train" | "test",
  seed: number,
): readonly Question[] {
  // By a rank of its own for each, so that a damaged row changes nothing about the others.
  const ranked = questions.map((question) => ({
    question,
    rank: rankOf(seed, "hotpotqa", `${question.row}`),
  }));
  const order = ranked.sort((one, other) => one.rank - other.rank).map(({ question }) => question);
  return split === "test" ? order.slice(0, DRAWN) : order.slice(DRAWN);
}
