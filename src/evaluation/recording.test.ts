import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRecording } from "./recording.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-recording-"));
});

afterEach(() => rm(folder, { recursive: true }));

const PLAN = { suite: "babyai", task: "BabyAI-GoToRedBallGrey-v0/1234", actions: ["turn left"] };

test("a recording may begin with a byte order mark, as some editors write it", async () => {
  const file = join(folder, "plan.jsonl");
  await writeFile(file, `\uFEFF${JSON.stringify(PLAN)}\n${JSON.stringify({ ...PLAN, attempt: 1 })}\n`);
  expect(await readRecording(file)).toEqual([
    { ...PLAN, attempt: 0 },
    { ...PLAN, attempt: 1 },
  ]);
});

test("a line that records nothing is refused by its number", async () => {
  const file = join(folder, "plan.jsonl");
  await writeFile(file, `${JSON.stringify(PLAN)}\n{"suite":"babyai"}\n`);
  await expect(readRecording(file)).rejects.toThrow(`${file}: line 2 is neither an episode nor actions`);
});

test("a last line needs no line end, and may be cut off, as a killed evaluation leaves it", async () => {
  const file = join(folder, "plan.jsonl");
  await writeFile(file, JSON.stringify(PLAN));
  expect(await readRecording(file)).toEqual([{ ...PLAN, attempt: 0 }]);
  await writeFile(file, `${JSON.stringify(PLAN)}\n{"suite":"ba`);
  expect(await readRecording(file)).toEqual([{ ...PLAN, attempt: 0 }]);
  await writeFile(file, `{"suite":"ba\n${JSON.stringify(PLAN)}\n`);
  await expect(readRecording(file)).rejects.toThrow("line 1 is neither");
});

test("a line without an end is refused before it fills the memory", async () => {
  const file = join(folder, "plan.jsonl");
  await writeFile(file, Buffer.alloc(64 * 1024 * 1024 + 1, "x"));
  await expect(readRecording(file)).rejects.toThrow(`${file}: line 1 is longer than 64 MiB`);
});

test("the folder of an evaluation stands for its episodes; any other folder is refused in one line", async () => {
  await writeFile(join(folder, "episodes.jsonl"), JSON.stringify(PLAN));
  expect(await readRecording(folder)).toEqual([{ ...PLAN, attempt: 0 }]);
  await mkdir(join(folder, "other"));
  await expect(readRecording(join(folder, "other"))).rejects.toThrow("other has no episodes.jsonl");
  await expect(readRecording(join(folder, "none"))).rejects.toThrow(
    `there is no file ${join(folder, "none")}`,
  );
});
