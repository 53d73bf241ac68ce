import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

// Questions, prompts and references in the form of MT-bench's files; none of them are MT-bench's.

/** A question of two turns in each of some categories. */
const CATEGORIES = ["writing", "math", "stem", "coding"] as const;

function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

const PROMPTS = [
  {
    name: "single-v1",
    system_prompt: "You judge.",
    prompt_template: "Grade as [[x]], not {{x}}.\nQ: {question}\nA: {answer}",
  },
  {
    name: "single-math-v1",
    system_prompt: "You check.",
    prompt_template: "Q: {question}\nRight: {ref_answer_1}\nA: {answer}",
  },
  {
    name: "single-v1-multi-turn",
    system_prompt: "You judge the second answer.",
    prompt_template: "Q: {question_1}\nA: {answer_1}\nQ: {question_2}\nA: {answer_2}",
  },
  {
    name: "single-math-v1-multi-turn",
    system_prompt: "You check the second answer.",
    prompt_template:
      "Right: {ref_answer_1}, {ref_answer_2}\nQ: {question_1}\nA: {answer_1}\nQ: {question_2}\nA: {answer_2}",
  },
];

/** The lines of the questions' file: `count` questions, their categories in turn, numbered from 81. */
export function questionLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) =>
    JSON.stringify({
      question_id: 81 + place,
      category: CATEGORIES[place % CATEGORIES.length],
      turns: [`Question ${81 + place}?`, `And question ${81 + place} again, {answer}?`],
    }),
  );
}

/** Writes a folder as `agentrefine data get mt-bench` does. */
export async function writeBench(folder: string, questions: readonly string[]): Promise<void> {
  await mkdir(join(folder, "reference_answer"), { recursive: true });
  await writeFile(join(folder, "question.jsonl"), questions.map((line) => `${line}\n`).join(""));
  await writeFile(join(folder, "judge_prompts.jsonl"), jsonLines(PROMPTS));
  const references = questions.map((_, place) => ({
    question_id: 81 + place,
    choices: [{ turns: [`right ${81 + place}`, `right again ${81 + place}`] }],
  }));
  await writeFile(join(folder, "reference_answer", "gpt-4.jsonl"), jsonLines(references));
}
