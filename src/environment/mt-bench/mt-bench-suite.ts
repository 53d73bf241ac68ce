import { fetchFix, publishedFolder } from "../../data/published.ts";
import { AgentRefineError } from "../../errors.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import type { LoadOptions, Measure, Suite, Task } from "../suite.ts";
import { benchWorld, type JudgePrompts, readJudgePrompts } from "./bench-world.ts";
import { type BenchQuestion, readQuestions, temperatureOf } from "./questions.ts";

function createTask(question: BenchQuestion, prompts: JudgePrompts, judge: ChatModel): Task {
  const { id, category, reference, turns } = question;
  return {
    id: `${id}`,
    group: category,
    temperature: temperatureOf(category),
    open: async (outside) => benchWorld(question, prompts, outside.recorded(judge)),
    solve: async () => reference?.slice(0, turns.length),
  };
}

/** MT-bench with its questions. */
export async function loadMtBench(
  measures: readonly Measure[],
  { judge, split = "test" }: LoadOptions,
): Promise<Suite> {
  if (split === "train") {
    throw new AgentRefineError("MT-bench has no questions but those that are scored", {
      fix: "Choose another suite to train on.",
    });
  }
  const folder = await publishedFolder("mt-bench");
  if (folder === undefined) {
    throw new AgentRefineError("MT-bench's questions are not on this machine", {
      fix: fetchFix("mt-bench"),
    });
  }
  if (judge === undefined) {
    throw new AgentRefineError("MT-bench's answers are graded by a model, and none is named", {
      fix: "Give 'judge' MODEL; the paper's is gpt-4o-2024-05-13.",
    });
  }
  const { questions, problems } = await readQuestions(folder);
  const prompts = await readJudgePrompts(folder);
  return {
    name: "mt-bench",
    variant: {
      rules: "FastChat",
      problems: `${questions.length} questions`,
      scoring: `graded by ${judge.name}`,
      words: null,
    },
    measures,
    maxTurns: 2,
    remarks: problems,
    tasks: questions.map((question) => createTask(question, prompts, judge)),
    instruction: () => undefined,
  };
}
