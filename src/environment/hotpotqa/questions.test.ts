import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drawQuestions, readQuestions } from "./questions.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-questions-"));
  file = join(folder, "hotpot_dev_v1_simplified.json");
});

afterEach(() => rm(folder, { recursive: true }));

function rows(count: number): object[] {
  return Array.from({ length: count }, (_, row) => ({
    question: `What is ${row} and one?`,
    answer: `${row + 1}`,
    type: row % 4 === 0 ? "comparison" : "bridge",
  }));
}

test("300 questions are drawn by the seed, and all others are there to train on", async () => {
  await writeFile(file, JSON.stringify(rows(1000)));
  const { questions } = await readQuestions(folder);
  const drawn = drawQuestions(questions, "test", 1);
  const others = drawQuestions(questions, "train", 1);
  expect([drawn.length, others.length]).toEqual([300, 700]);
  expect(new Set([...drawn, ...others].map(({ row }) => row)).size).toBe(1000);
  expect(drawQuestions(questions, "test", 1)).toEqual(drawn);
  const again = new Set(drawQuestions(questions, "test", 2).map(({ row }) => row));
  const shared = drawn.filter(({ row }) => again.has(row)).length;
  expect(shared).toBeGreaterThan(60);
  expect(shared).toBeLessThan(120);
});

test("rows that are no question are named, and change nothing about the others", async () => {
  const all: unknown[] = rows(500);
  await writeFile(file, JSON.stringify(all));
  const whole = drawQuestions((await readQuestions(folder)).questions, "test", 1);
  const lost = whole[7]?.row ?? 0;
  all[lost] = { question: "?" };
  await writeFile(file, JSON.stringify(all));
  const { questions, problems } = await readQuestions(folder);
  expect(problems).toEqual([`${file}: row ${lost + 1} is no question with an answer`]);
  const rest = drawQuestions(questions, "test", 1);
  expect(rest.slice(0, 299)).toEqual(whole.filter(({ row }) => row !== lost));
});

test.each(["", "{}", "[", "[]", '[{"question": 1}]'])("a file with %j has no questions", async (text) => {
  await writeFile(file, text);
  await expect(readQuestions(folder)).rejects.toMatchObject({
    message: `${file} is not a list of HotpotQA's questions`,
    fix: expect.stringContaining("agentrefine data get hotpotqa"),
  });
});
