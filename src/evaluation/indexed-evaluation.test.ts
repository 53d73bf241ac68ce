import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reactAgent } from "../agent/react-agent.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { readSpending } from "./episode-calls.ts";
import { readResults } from "./episode-result.ts";
import { IndexedEvaluation } from "./indexed-evaluation.ts";
import { createEvaluationGround, type EvaluationGround } from "./testing/evaluation-ground.ts";
import { lampReply } from "./testing/lamp-player.ts";

let ground: EvaluationGround;
const free = () => 0;
const usage = { promptTokens: 9, completionTokens: 3, cachedTokens: 0, estimated: false };
const model: ChatModel = {
  name: "m",
  chat: async ({ messages }) => ({ text: lampReply(messages), finish: "stop", usage }),
};

beforeEach(async () => {
  ground = await createEvaluationGround();
});

afterEach(() => ground.remove());

async function indexed(name = "e"): Promise<IndexedEvaluation> {
  const evaluation = new IndexedEvaluation(ground.directory(name), free);
  await evaluation.refresh();
  return evaluation;
}

describe("an indexed evaluation", () => {
  test("has the results and the spending that the journals have, and each episode at its place", async () => {
    await ground.run("e", { agent: reactAgent(model) });
    const evaluation = await indexed();
    const results = await readResults(ground.directory("e"));
    expect(evaluation.episodes.map(({ result }) => result)).toEqual([...results.values()]);
    expect(evaluation.episodes.map(({ number }) => number)).toEqual(
      evaluation.episodes.map((_each, place) => place + 1),
    );
    expect(evaluation.spending).toEqual(await readSpending(ground.directory("e"), free));
    const read = await Promise.all(evaluation.episodes.map((each) => evaluation.episode(each)));
    const episodes = await ground.episodes("e");
    expect(new Set(read.map((each) => JSON.stringify(each)))).toEqual(
      new Set(episodes.map((each) => JSON.stringify(each))),
    );
    for (const [place, { trials, scores }] of read.entries()) {
      const { progress = [], marks = "" } = evaluation.episodes[place] ?? {};
      expect(progress.at(-1)).toBe(scores.progress);
      expect([progress.length, marks.length]).toEqual([
        trials.at(-1)?.turns.length,
        trials.at(-1)?.turns.length,
      ]);
    }
  });

  test("grows with its files, and is read anew when they are others", async () => {
    await ground.run("e");
    const path = ground.journal("e");
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    await writeFile(path, `${lines.slice(0, 5).join("\n")}\n`);
    const evaluation = await indexed();
    expect(evaluation.episodes).toHaveLength(5);
    expect(await evaluation.refresh()).toBe(false);
    await appendFile(path, `${lines.slice(5, 8).join("\n")}\n${lines[8]?.slice(0, 40)}`);
    expect(await evaluation.refresh()).toBe(true);
    expect(evaluation.episodes).toHaveLength(8);
    await appendFile(path, `${lines[8]?.slice(40)}\n`);
    await evaluation.refresh();
    expect(evaluation.episodes.map(({ result }) => result.task)).toEqual(
      lines.slice(0, 9).map((line) => JSON.parse(line).task),
    );
    await rm(path);
    await writeFile(path, `${lines.slice(10).join("\n")}\n`);
    await evaluation.refresh();
    expect(evaluation.episodes).toHaveLength(lines.length - 10);
  });

  test("of an episode that was played again has the last record, under the number of the first", async () => {
    await ground.run("e");
    const path = ground.journal("e");
    const [first = ""] = (await readFile(path, "utf8")).split("\n");
    await appendFile(
      path,
      `${JSON.stringify({ ...JSON.parse(first), ending: "world-failed", reason: "again" })}\n`,
    );
    const evaluation = await indexed();
    expect(evaluation.episodes).toHaveLength(12);
    expect(evaluation.episodes[0]).toMatchObject({ number: 1, result: { reason: "again" } });
    expect(await evaluation.episode(evaluation.episodes[0]!)).toMatchObject({ reason: "again" });
  });

  test("tells of lines that it cannot read, and has all others", async () => {
    await ground.run("e");
    const path = ground.journal("e");
    const [first, ...others] = (await readFile(path, "utf8")).split("\n");
    await writeFile(path, [first, '{"torn', '{"no":"episode"}', ...others].join("\n"));
    await writeFile(ground.journal("e", "calls"), "[]\n");
    const evaluation = await indexed();
    expect(evaluation.episodes).toHaveLength(12);
    expect(evaluation.damage).toEqual([
      "calls.jsonl: line 1 is not a call",
      "episodes.jsonl: line 2 is not valid JSON",
      "episodes.jsonl: line 3 is not an episode",
    ]);
  });

  test("has verdicts, pages and calls that broke at their places, and none of the player's replies", async () => {
    await ground.run("e");
    const [{ suite, task } = { suite: "", task: "" }] = await ground.episodes("e");
    const key = { suite, task, attempt: 0 };
    const reply = { ...key, request: "0", cost: 2, text: "Rating: [[5]]", finish: "stop", usage };
    const lines = [
      { ...reply, call: 1 },
      { ...reply, call: 2, by: "judge" },
      { ...key, key: "page x", answer: { sha: "é" } },
      { ...key, call: 3, request: "0", cost: null, usage, error: { code: "timeout", message: "late" } },
    ];
    await writeFile(ground.journal("e", "calls"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const evaluation = await indexed();
    const asked = evaluation.episodes.find(({ result }) => result.task === task);
    expect(await evaluation.askedBeside(asked!)).toEqual(lines.slice(1));
    expect(evaluation.spending.cost).toBe(4);
  });

  test("that has not begun has nothing", async () => {
    const evaluation = await indexed("none");
    expect(evaluation).toMatchObject({ episodes: [], damage: [], underWay: 0 });
  });
});
