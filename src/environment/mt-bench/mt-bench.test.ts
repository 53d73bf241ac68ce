import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fetchedFolder } from "../../data/testing/fetched.ts";
import { type ChatModel, type ChatRequest, NO_USAGE } from "../../model/chat-model.ts";
import { worldContract } from "../testing/world-contract.ts";
import { benchWorld, fillTemplate, gradeOf, readJudgePrompts } from "./bench-world.ts";
import { MT_BENCH } from "./definition.ts";
import { readQuestions, temperatureOf } from "./questions.ts";
import { questionLines, writeBench } from "./testing/bench-data.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-bench-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** A judge that says these things in turn, and what it was asked. */
function judgeSaying(...verdicts: readonly string[]): ChatModel & { readonly asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  return {
    name: "judge",
    asked,
    chat: async (request) => {
      asked.push(request);
      return { text: verdicts[asked.length - 1] ?? "", finish: "stop", usage: NO_USAGE };
    },
  };
}

async function play(place: number, judge: ChatModel): Promise<readonly unknown[]> {
  await writeBench(folder, questionLines(4));
  const { questions } = await readQuestions(folder);
  const world = benchWorld(questions[place]!, await readJudgePrompts(folder), judge);
  const start = await world.reset();
  return [start, await world.step("first {question}"), await world.step("second")];
}

const cache = await mkdtemp(join(tmpdir(), "agentrefine-home-"));
await writeBench(await fetchedFolder(cache, "mt-bench"), questionLines(8));
vi.stubEnv("AGENTREFINE_HOME", cache);
const JUDGE: ChatModel = {
  name: "judge",
  chat: async () => ({ text: "Rating: [[5]]", finish: "stop", usage: NO_USAGE }),
};
const loaded = await MT_BENCH.load({ compat: "agentboard", judge: JUDGE });
vi.unstubAllEnvs();
afterAll(() => rm(cache, { recursive: true }));

worldContract("mt-bench", {
  // Where there is no reference, any answers end the episode as well.
  suite: {
    ...loaded,
    tasks: loaded.tasks.map((task) => ({
      ...task,
      solve: async () => (await task.solve?.()) ?? ["one", "other"],
    })),
  },
  oddActions: ["[[10]]", "{answer}", "Thought: x\nAction: y"],
  maximumActions: 2,
  randomActions: 200,
});

describe("a question", () => {
  test("is asked in two turns, each of which is judged by the prompt for its turn", async () => {
    const judge = judgeSaying("Good. Rating: [[7]]", "Rating: [[8.5]]");
    const [start, first, second] = await play(0, judge);
    expect(start).toMatchObject({ observation: "Question 81?" });
    expect(first).toMatchObject({ observation: "And question 81 again, {answer}?", scores: {} });
    expect(second).toMatchObject({
      scores: { score: 7.75, "turn-1": 7, "turn-2": 8.5 },
      ending: "success",
      observation: expect.stringContaining("Judged, turn 1: 7\nGood. Rating: [[7]]"),
    });
    expect(judge.asked.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
      ["You judge.", "Grade as [[x]], not {x}.\nQ: Question 81?\nA: first {question}"],
      [
        "You judge the second answer.",
        "Q: Question 81?\nA: first {question}\nQ: And question 81 again, {answer}?\nA: second",
      ],
    ]);
  });

  test("with one right answer is judged beside the reference", async () => {
    const judge = judgeSaying("[[1]]", "[[10]]");
    await play(1, judge);
    expect(judge.asked.map(({ messages }) => messages.at(-1)?.content)).toEqual([
      "Q: Question 82?\nRight: right 82\nA: first {question}",
      expect.stringContaining("Right: right 82, right again 82\nQ: Question 82?"),
    ]);
  });

  test("whose verdict names no grade is scored by the other, and fails when neither does", async () => {
    const [, , step] = await play(0, judgeSaying("I like it.", "[[4]]"));
    expect(step).toMatchObject({
      scores: { score: 4, "turn-2": 4 },
      observation: expect.stringContaining("Judged, turn 1: the judge named no grade"),
    });
    const [, , last] = await play(0, judgeSaying("Fine.", "[[85]]"));
    expect(last).toMatchObject({ scores: {}, ending: "failure" });
  });
});

test.each([
  ["Rating: [[5]] or [[6]]", 5],
  ["[3] and then [[9.5]]", 9.5],
  ["as in [1]", 1],
  ["[[10.]]", 10],
  ["[[0]]", undefined],
  ["[[11]]", undefined],
  ["[[ 5 ]]", undefined],
  ["[[-5]]", undefined],
  ["five", undefined],
])("%j names the grade %j", (verdict, grade) => {
  expect(gradeOf(verdict)).toBe(grade);
});

test("a template is filled once, as Python does", () => {
  expect(fillTemplate("{{a}} {a} {b}", { a: "{b}", b: "$&" })).toBe("{a} {b} $&");
  expect(() => fillTemplate("{constructor}", {})).toThrow("asks for {constructor}, which is not known");
});

test("categories have FastChat's temperatures", () => {
  expect(["writing", "stem", "math", "sport"].map(temperatureOf)).toEqual([0.7, 0.1, 0, 0.7]);
});

describe("the files", () => {
  test("may have damaged lines, which are named, and questions without their reference, which are left out", async () => {
    await writeBench(folder, questionLines(6));
    const file = join(folder, "question.jsonl");
    await writeFile(
      file,
      [...questionLines(3), '{"question_id": 84, "category"', ...questionLines(6).slice(4)].join("\n"),
    );
    const references = join(folder, "reference_answer", "gpt-4.jsonl");
    await writeFile(references, '{"question_id": 82, "choices": [{"turns": ["a", "b"]}]}\n[]\n');
    const { questions, problems } = await readQuestions(folder);
    expect(questions.map(({ id }) => id)).toEqual([81, 82, 83, 85]);
    expect(problems).toEqual([
      `${file}: line 4 is not a question of MT-bench`,
      `${references}: line 2 is not a reference answer`,
      `${references}: there is no answer to question 86, which is not asked then`,
    ]);
  });

  test("without a prompt or any question are refused with what to do", async () => {
    await writeBench(folder, []);
    await expect(readQuestions(folder)).rejects.toMatchObject({
      message: expect.stringContaining("question.jsonl has no line that is a question of MT-bench"),
      fix: expect.stringContaining("agentrefine data get mt-bench"),
    });
    const file = join(folder, "judge_prompts.jsonl");
    await writeFile(file, '{"name": "single-v1", "system_prompt": "", "prompt_template": ""}');
    await expect(readJudgePrompts(folder)).rejects.toThrow(`${file} has no prompt single-math-v1`);
  });
});
