import { join } from "node:path";
import * as z from "zod";
import { fetchFix } from "../../data/published.ts";
import { AgentRefineError } from "../../errors.ts";
import type { ChatRequest } from "../../model/chat-model.ts";
import { type BenchQuestion, readLines } from "./questions.ts";

const promptLine = z.object({
  name: z.string(),
  system_prompt: z.string(),
  prompt_template: z.string(),
});

type JudgePrompt = z.infer<typeof promptLine>;

const NAMES = ["single-v1", "single-math-v1", "single-v1-multi-turn", "single-math-v1-multi-turn"] as const;

/** The prompts that a judge is asked with, by their names. */
export type JudgePrompts = Readonly<Record<(typeof NAMES)[number], JudgePrompt>>;

/** Reads the judge's prompts. Rejects with an AgentRefineError when one is missing. */
export async function readJudgePrompts(folder: string): Promise<JudgePrompts> {
  const file = join(folder, "judge_prompts.jsonl");
  const { rows } = await readLines(file, promptLine, "a judge's prompt");
  const prompt = (name: (typeof NAMES)[number]): JudgePrompt => {
    const found = rows.find((row) => row.name === name);
    if (found !== undefined) return found;
    throw new AgentRefineError(`${file} has no prompt ${name}`, {
      fix: fetchFix("mt-bench"),
    });
  };
  return {
    "single-v1": prompt("single-v1"),
    "single-math-v1": prompt("single-math-v1"),
    "single-v1-multi-turn": prompt("single-v1-multi-turn"),
    "single-math-v1-multi-turn": prompt("single-math-v1-multi-turn"),
  };
}

/** Fills a template as Python's `format` does: `{name}` is replaced, `{{` and `}}` stand for braces. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole.slice(0, 1);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    throw new AgentRefineError(`a judge's prompt asks for ${whole}, which is not known`, {
      fix: fetchFix("mt-bench"),
    });
  });
}

/** What a judge is asked about the last of the answers, with what was said before it. */
export function judgeRequest(
  prompts: JudgePrompts,
  { turns, reference }: BenchQuestion,
  answers: readonly string[],
): ChatRequest {
  const isFirst = answers.length === 1;
  const kind = reference === undefined ? "single-v1" : "single-math-v1";
  const { system_prompt, prompt_template } = prompts[isFirst ? kind : (`${kind}-multi-turn` as const)];
  const [question_1 = "", question_2 = ""] = turns;
  const [answer_1 = "", answer_2 = ""] = answers;
  const [ref_answer_1 = "", ref_answer_2 = ""] = reference ?? [];
  const references = reference === undefined ? {} : { ref_answer_1, ref_answer_2 };
  const said = isFirst
    ? { question: question_1, answer: answer_1 }
    : { question_1, question_2, answer_1, answer_2 };
  return {
    messages: [
      { role: "system", content: system_prompt },
      { role: "user", content: fillTemplate(prompt_template, { ...said, ...references }) },
    ],
  };
}

const LOWEST = 1;
const HIGHEST = 10;

/**
 * The grade that a verdict names: the first `[[x]]`, else the first `[x]`. Undefined when there is none from 1 to 10,
 * which FastChat writes as -1 and leaves out of its means.
 */
export function gradeOf(verdict: string): number | undefined {
  const found = /\[\[(\d+\.?\d*)\]\]/.exec(verdict) ?? /\[(\d+\.?\d*)\]/.exec(verdict);
  const grade = Number(found?.[1]);
  return grade >= LOWEST && grade <= HIGHEST ? grade : undefined;
}
