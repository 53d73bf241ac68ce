import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { fetchedFolder } from "../data/testing/fetched.ts";
import { questionLines, writeBench } from "../environment/mt-bench/testing/bench-data.ts";
import { startBatchServer } from "../model/testing/batch-server.ts";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import type { ServedRequest } from "../model/testing/served-answer.ts";
import { type BuiltProgram, buildProgram } from "./testing/built-program.ts";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

const QUESTIONS = 8;

let home: string;
let host: TestHost;
let server: ChatServer;

/** A cache with the questions, which are none of MT-bench's. */
async function writeCache(): Promise<string> {
  const cache = await mkdtemp(join(tmpdir(), "agentrefine-home-"));
  await writeBench(await fetchedFolder(cache, "mt-bench"), questionLines(QUESTIONS));
  return cache;
}

function isJudged({ messages }: Pick<ServedRequest, "messages">): boolean {
  return messages[0]?.role === "system";
}

/** Answers by the question, and grades by a fixed rule: 7, a second turn 5, and none for question 84. */
function answer(request: Pick<ServedRequest, "messages">): string {
  const last = request.messages.at(-1)?.content ?? "";
  if (!isJudged(request)) return `Answer to: ${last}`;
  if (last.includes("Question 84?")) return "I would rather not say.";
  return last.includes("again") ? "Rating: [[5]]" : "Rating: [[7]]";
}

function asked(model: string): readonly ServedRequest[] {
  return server.requests.filter(({ body }) => body.model === model);
}

beforeAll(async () => {
  home = await writeCache();
  vi.stubEnv("AGENTREFINE_HOME", home);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

beforeEach(async () => {
  host = await createTestHost();
  server = await startChatServer((request) => ({ text: answer(request), latency: 5 }));
});

afterEach(async () => {
  await server.close();
  await host.remove();
});

function evaluation(out: string, judge = "strict"): readonly string[] {
  const where = ["--base-url", server.url, "--judge-base-url", server.url];
  return ["evaluate", "--suite", "mt-bench", "--model", "tuned", "--judge", judge, ...where, "--out", out];
}

async function scoresIn(out: string): Promise<Record<string, unknown>> {
  const { stdout } = await host.run(["evaluate", "--out", out, "--json"]);
  return JSON.parse(stdout).suites[0];
}

describe("mt-bench", () => {
  test("is answered at each category's temperature, and graded at 0, each once", async () => {
    const { code, stderr } = await host.run([...evaluation("mt"), "--details"], { columns: 200 });
    expect(code).toBe(0);
    expect([asked("tuned").length, asked("strict").length]).toEqual([2 * QUESTIONS, 2 * QUESTIONS]);
    const temperatures = new Map(
      asked("tuned").map(({ body, messages }) => [messages[0]?.content, body.temperature]),
    );
    expect([81, 82, 83, 84].map((id) => temperatures.get(`Question ${id}?`))).toEqual([0.7, 0, 0.1, 0]);
    expect(asked("strict").every(({ body }) => body.temperature === 0 && body.max_tokens === 2048)).toBe(
      true,
    );
    expect(stderr).toContain("mt-bench: FastChat rules, 8 questions, graded by strict");
    expect(stderr).toContain("mt-bench: 1 episode without a value of score, left out of its mean");
    expect(stderr).toMatch(/^mt-bench +8 +6\.00 /m);
    expect(stderr).toMatch(/^ {2}math +2 +6\.00 +7\.00 +5\.00$/m);
    await host.run(evaluation("mt"));
    expect(server.requests).toHaveLength(4 * QUESTIONS);
  });

  test("a judge whose server takes a key is named where there is none", async () => {
    const place = evaluation("mt").indexOf("--judge-base-url") + 1;
    const judged = evaluation("mt").with(place, "https://api.openai.com/v1");
    const { code, stderr } = await host.run(judged);
    expect([code, server.requests.length]).toEqual([2, 0]);
    expect(stderr).toMatch(/^Error: the judge strict: api\.openai\.com needs a key\. .*--judge-base-url/);
  });

  test("is judged again without an answer bought, and the earlier verdicts stay", async () => {
    await host.run(evaluation("mt"));
    const before = await readFile(join(host.directory, "mt", "calls.jsonl"), "utf8");
    const again = ["evaluate", "--rejudge", "mt", "--judge", "mild", "--judge-base-url", server.url];
    const { code, stderr } = await host.run([...again, "--out", "mild"]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("graded by mild") });
    expect([asked("tuned"), asked("strict"), asked("mild")].map((each) => each.length)).toEqual([16, 16, 16]);
    expect(await readFile(join(host.directory, "mt", "calls.jsonl"), "utf8")).toBe(before);
    const same = ["evaluate", "--rejudge", "mt", "--out", "same"];
    expect((await host.run(same)).code).toBe(0);
    expect(asked("strict")).toHaveLength(32);
    expect((await scoresIn("same")).scores).toEqual((await scoresIn("mt")).scores);
    const { stdout } = await host.run(["compare", "mt", "same", "--json", "--paper"]);
    const { charts, evaluations } = JSON.parse(stdout);
    expect(charts["mt-bench"].data.values).toContainEqual({
      evaluation: "mt",
      group: "writing",
      value: 6,
      episodes: 2,
    });
    // They are still the answers of the model that gave them.
    expect(evaluations[1].unlikePaper.join()).not.toContain("replay");
    expect(await readFile(join(host.directory, "same", "episodes.jsonl"), "utf8")).toContain(
      '"agent":"react"',
    );
    expect(evaluations[0].unlikePaper.join()).toContain("graded by strict in place of gpt-4o-2024-05-13");
  });

  test("in batches is what it is live, and its answers are graded again in batches", async () => {
    await host.run(evaluation("live"));
    const batches = await startBatchServer({
      answer: async (messages) => ({ text: answer({ messages }) }),
      now: Date.now,
      duration: 0,
    });
    const where = ["--judge-base-url", batches.url, "--batch", "--no-wait"];
    const play = [...evaluation("mt").slice(0, 7), "--base-url", batches.url, ...where, "--out", "mt"];
    const begun = await host.run(play);
    expect(begun.code).toBe(3);
    expect(begun.stderr).toContain(`Still waiting: ${QUESTIONS} requests in 1 batch at the service.`);
    expect(begun.stderr).toContain("Fetch what has been answered: agentrefine evaluate --out mt");
    let code = begun.code;
    for (let part = 0; part < 6 && code === 3; part += 1)
      code = (await host.run(["evaluate", "--out", "mt", "--no-wait"])).code;
    expect(code).toBe(0);
    expect(await scoresIn("mt")).toEqual(await scoresIn("live"));
    expect(batches.bought).toHaveLength(4 * QUESTIONS);
    const again = ["evaluate", "--rejudge", "live", "--judge", "strict", ...where, "--out", "again"];
    for (code = 3; code === 3; ) ({ code } = await host.run(again));
    expect({ code, scores: await scoresIn("again") }).toEqual({ code: 0, scores: await scoresIn("live") });
    expect(batches.bought).toHaveLength(6 * QUESTIONS);
    await batches.close();
  });

  test.each([
    [
      ["--suite", "mt-bench", "--model", "tuned"],
      "MT-bench's answers are graded by a model, and none is named",
    ],
    [["--rejudge", "nowhere"], "nowhere"],
    [
      ["--rejudge", "x", "--model", "m"],
      "--rejudge buys no answers, so no model gives any. Leave out --model.",
    ],
    [["--rejudge", "x", "--max-turns", "3"], "Leave out --max-turns."],
    [
      ["--suite", "babyai,mt-bench", "--judge", "j", "--model", "m", "--batch"],
      "an episode of babyai has some 20 replies or more, each of which would wait for a batch of its own. " +
        "Leave out --batch; suites whose episodes have few replies are",
    ],
    [["--suite", "babyai", "--agent", "random", "--no-wait"], "--no-wait is for runs in batches"],
    [["--rejudge", "plain"], "no suite of plain is graded by a judge"],
  ])("refuses %j with one line", async (flags, words) => {
    const plain = ["evaluate", "--suite", "babyai", "--agent", "expert", "--limit", "1", "--out", "plain"];
    if (flags.includes("plain")) await host.run(plain);
    const { code, stderr } = await host.run(["evaluate", ...flags, "--out", "out"]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("a killed evaluation of mt-bench", () => {
  let program: BuiltProgram;

  beforeAll(async () => {
    program = await buildProgram();
  }, 120_000);

  afterAll(() => program.remove());

  test("goes on where it was: answers and verdicts are bought once but for those on the wire", {
    timeout: 60_000,
  }, async () => {
    const atOnce = 2;
    const flags = [...evaluation("killed"), "--concurrency", String(atOnce), "--json"];
    const env = { AGENTREFINE_HOME: home };
    // While it is answered, and while it is graded.
    const kills = [7, 23];
    for (const after of kills) {
      const running = program.start(flags, env);
      while (server.counts.completed < after) await new Promise((resolve) => setTimeout(resolve, 2));
      running.child.kill("SIGKILL");
      await running.ended;
    }
    const resuming = await createTestHost(program.directory);
    const { stdout } = await resuming.run(flags, { env });
    const [suite] = JSON.parse(stdout).suites;
    expect(suite).toMatchObject({ episodes: QUESTIONS, scores: { score: { value: expect.closeTo(6) } } });
    const text = await readFile(join(program.directory, "killed", "calls.jsonl"), "utf8");
    const calls = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(new Set(calls.map(({ task, request }) => `${task} ${request}`)).size).toBe(4 * QUESTIONS);
    expect(calls).toHaveLength(4 * QUESTIONS);
    expect(server.counts.requests - 4 * QUESTIONS).toBeLessThanOrEqual(kills.length * atOnce);
  });
});
