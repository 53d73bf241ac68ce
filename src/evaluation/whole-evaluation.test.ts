import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { reactAgent } from "../agent/react-agent.ts";
import type { Suite } from "../environment/suite.ts";
import { loadSuite } from "../environment/suites.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { systemClock } from "../model/limiter.ts";
import { openAiCompatibleModel } from "../model/openai.ts";
import { retryingModel } from "../model/stack.ts";
import { type ChatServer, startChatServer } from "../model/testing/chat-server.ts";
import type { ServedAnswer, ServedRequest } from "../model/testing/served-answer.ts";
import { hash32 } from "../random.ts";
import { formatReAct } from "../react.ts";
import { type BadWorlds, badSuite } from "./testing/bad-suite.ts";
import { createEvaluationGround, type EvaluationGround } from "./testing/evaluation-ground.ts";

// A whole evaluation over a server on the loopback that fails now and then, stopped, with torn journals, and resumed.

let ground: EvaluationGround;
let server: ChatServer;
/** Whether the server fails, and how many replies it has sent. */
let faults = false;
let replies = 0;
let stopAt: { readonly replies: number; readonly stop: AbortController } | undefined;

const ACTIONS = ["step", "turn left", "check valid actions", "go to red ball 1", "look around", "look"];

/** The same conversation always gets the same reply, some of which are not in form. */
function replyTo({ messages }: ServedRequest): string {
  const draw = hash32(JSON.stringify(messages));
  if (messages[0]?.content.startsWith("Grade")) return `[[${draw % 10}]]`;
  if (draw % 11 === 0) return "I would rather not.";
  const action = messages[0]?.content.includes("Steps.") ? "step" : ACTIONS[draw % ACTIONS.length];
  const said = formatReAct({ thought: "On.", action: action ?? "look" });
  return draw % 7 === 0 ? `${said}\nObservation: I won.` : said;
}

function handle(request: ServedRequest): ServedAnswer {
  if (faults && request.number % 13 === 0) return { status: 503, body: { error: { message: "busy" } } };
  const text = replyTo(request);
  if (faults && request.number % 17 === 0) return { text, fault: { kind: "drop", after: 0 } };
  replies += 1;
  if (replies === stopAt?.replies) stopAt.stop.abort();
  return { text };
}

beforeEach(async () => {
  ground = await createEvaluationGround();
  server = await startChatServer(handle, { keepRequests: false });
  faults = false;
  replies = 0;
  stopAt = undefined;
});

afterEach(async () => {
  await server.close();
  await ground.remove();
});

function modelNamed(name: string): ChatModel {
  const schedule = { attempts: 5, firstWait: 1, longestWait: 2 };
  return retryingModel(openAiCompatibleModel({ baseUrl: server.url, model: name }), {
    schedule,
    clock: systemClock,
    seed: 1,
  });
}

/** Two tasks of every suite that needs no files of others, and bad worlds. */
async function allSuites(): Promise<{ suites: readonly Suite[]; bad: BadWorlds }> {
  const own = await Promise.all(
    ["alfworld", "babyai", "pddl"].map(async (name) => {
      const suite = await loadSuite(name, { compat: "agentboard" });
      return { ...suite, tasks: [suite.tasks[0]!, suite.tasks.at(-1)!] };
    }),
  );
  const bad = badSuite(["asks", "slow", "throws", "lies", "asks"], modelNamed("judge"));
  return { suites: [...own, bad.suite], bad };
}

async function run(name: string, stop?: AbortSignal, retryFailed = false) {
  const { suites, bad } = await allSuites();
  const agent = reactAgent(modelNamed("player"), { stopAt: ["\nObservation:"] });
  const stopped = stop === undefined ? {} : { stop };
  const result = await ground.run(name, {
    suites,
    agent,
    maxTurns: 8,
    concurrency: 4,
    retryFailed,
    ...stopped,
  });
  expect(bad.open()).toBe(0);
  return result;
}

/** Episodes without their tokens: attempts that broke have some too. */
async function episodesOf(name: string): Promise<unknown> {
  const episodes = await ground.episodes(name);
  return JSON.parse(
    JSON.stringify(episodes, (key, value) => (/^(usage|cost)$/.test(key) ? undefined : value)),
  );
}

/** Cuts a journal in the middle of its last line, as a power cut does. */
async function tear(path: string): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, Math.max(0, bytes.length - 20)));
}

test("with faults and stops, torn and resumed, equals an uninterrupted one and asks nothing twice", async () => {
  const whole = await run("whole");
  const uninterrupted = replies;
  expect(whole.results).toHaveLength(11);
  expect(whole.results.filter(({ ending }) => ending === "world-failed")).toHaveLength(2);
  const episodes = await episodesOf("whole");

  faults = true;
  replies = 0;
  let torn = 0;
  for (const after of [3, 17, 31]) {
    stopAt = { replies: after, stop: new AbortController() };
    const { results, pause } = await run("cut", stopAt.stop.signal);
    expect(pause).toBeUndefined();
    expect(results.length).toBeLessThan(11);
    await tear(ground.journal("cut", "calls"));
    torn += 1;
  }
  stopAt = undefined;
  const resumed = await run("cut");
  expect(resumed.pause).toBeUndefined();
  expect(await episodesOf("cut")).toEqual(episodes);
  // A line that was torn is an answer of the model, the judge or a page, which is asked for again.
  expect(replies).toBeLessThanOrEqual(uninterrupted + torn);

  // What failed is played again with what was answered then.
  const before = replies;
  const again = await run("cut", undefined, true);
  expect(again.results.filter(({ ending }) => ending === "world-failed")).toHaveLength(2);
  expect(replies).toBe(before);
});
