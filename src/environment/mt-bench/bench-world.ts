import type { ChatModel } from "../../model/chat-model.ts";
import type { Scores, Start, Step, World } from "../world.ts";
import { gradeOf, type JudgePrompts, judgeRequest } from "./judge-prompts.ts";
import type { BenchQuestion } from "./questions.ts";

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

function verdictText({ turn, text, grade }: Verdict): string {
  return `Judged, turn ${turn}: ${grade ?? NO_GRADE}\n${text.trim()}`;
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
    const observation = verdicts.map(verdictText).join("\n\n");
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
