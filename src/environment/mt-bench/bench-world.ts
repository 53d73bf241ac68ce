import { join } from "node:path";
import * as z from "zod";
import { fetchFix } from "../../data/published.ts";
import { AgentRefineError } from "../../errors.ts";
import type { ChatModel, ChatRequest } from "../../model/chat-model.ts";
import type { Scores, Start, Step, World } from "../world.ts";
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
function judgeRequest(
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

/** What a judge said of an answer. */
interface Verdict {
  readonly turn: number;
  readonly text: string;
  /** Undefined when it named none. */
  readonly grade: number | undefined;
}

/** What a verdict without a grade is; the scores leave it out, as FastChat's do. */
const NO_GRADE = "the judge named no grade";

function scoresOf(verdicts: readonly Verdict[]): Scores {
  const graded = verdicts.flatMap(({ turn, grade }) => (grade === undefined ? [] : [{ turn, grade }]));
  if (graded.length === 0) return {};
  const mean = graded.reduce((sum, { grade }) => sum + grade, 0) / graded.length;
  return {
    score: mean,
    ...Object.fromEntries(graded.map(({ turn, grade }) => [`turn-${turn}`, grade])),
  };
}

/**
 * The world of a question: it asks, asks once more, and has both answers judged; without any grade it ends as a
 * failure.
 */
export function benchWorld(question: BenchQuestion, prompts: JudgePrompts, judge: ChatModel): World {
  const { turns } = question;
  const answers: string[] = [];
  let last: Step | undefined;

  const judged = async (turn: number): Promise<Verdict> => {
    const { text } = await judge.chat(judgeRequest(prompts, question, answers.slice(0, turn)));
    return { turn, text, grade: gradeOf(text) };
  };

  const judgeAll = async (): Promise<Step> => {
    const verdicts: Verdict[] = [];
    // One after another, so that a resumed evaluation finds the verdicts in the order in which they were bought.
    for (const [place] of answers.entries()) verdicts.push(await judged(place + 1));
    const scores = scoresOf(verdicts);
    const observation = verdicts
      .map(({ turn, text, grade }) => `Judged, turn ${turn}: ${grade ?? NO_GRADE}\n${text.trim()}`)
      .join("\n\n");
    const ending = scores.score === undefined ? "failure" : "success";
    return { observation, scores, ending, understood: true };
  };

  return {
    reset: async (): Promise<Start> => ({ observation: turns[0] ?? "", goal: turns[0] ?? "" }),
    async step(answer): Promise<Step> {
      if (last?.ending !== undefined) return last;
      answers.push(answer);
      const next = turns[answers.length];
      last = next === undefined ? await judgeAll() : { observation: next, scores: {}, understood: true };
      return last;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
