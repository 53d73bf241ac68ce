import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { reactAgent } from "../agent/react-agent.ts";
import { fetchedFolder } from "../data/testing/fetched.ts";
import { lakePage, lakePlayer, writeLakes } from "../environment/hotpotqa/testing/lakes.ts";
import { startWiki, type WikiServer } from "../environment/hotpotqa/testing/wiki-server.ts";
import { ZORKS } from "../environment/jericho/games.ts";
import { createJerichoSuite } from "../environment/jericho/jericho-suite.ts";
import { readStoryFile } from "../environment/jericho/stories.ts";
import { questionLines, writeBench } from "../environment/mt-bench/testing/bench-data.ts";
import { createSciworldSuite } from "../environment/sciworld/sciworld-suite.ts";
import { openSimulator } from "../environment/sciworld/simulator/simulator.ts";
import { createGoldFinder, Simulators } from "../environment/sciworld/simulator/simulators.ts";
import { startFakeGateway } from "../environment/sciworld/testing/fake-gateway.ts";
import { LAMP_EPISODE } from "../environment/sciworld/testing/lamp-episode.ts";
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
import { SHARED } from "../testing/shared.ts";
import { type BadWorlds, badSuite } from "./testing/bad-suite.ts";
import { createEvaluationGround, type EvaluationGround } from "./testing/evaluation-ground.ts";

// A whole evaluation over a server on the loopback that fails now and then, stopped, with torn journals, and resumed.

let ground: EvaluationGround;
let server: ChatServer;
let wiki: WikiServer;
/** A cache with questions of our own, in place of those that are fetched. */
let home: string;
/** Whether the server fails, and how many replies it has sent. */
let faults = false;
let replies = 0;
let stopAt: { readonly replies: number; readonly stop: AbortController } | undefined;

const STORIES = `${SHARED}/stories`;
/** Two tasks each of five suites, one of ScienceWorld, five bad worlds, and a game where there is one. */
const EPISODES = 2 * 5 + 1 + 5 + (existsSync(STORIES) ? 1 : 0);

const ACTIONS = ["step", "turn left", "check valid actions", "go to red ball 1", "look around", "look"];

/** The same conversation always gets the same reply, some of which are not in form. */
function replyTo(request: ServedRequest): string {
  const { messages } = request;
  const draw = hash32(JSON.stringify(messages));
  if (messages[0]?.role === "system") return `Rating: [[${draw % 10}]]`;
  if (messages[0]?.content.startsWith("Grade")) return `[[${draw % 10}]]`;
  if (draw % 11 === 0) return "I would rather not.";
  if (messages[0]?.content.includes("Question: How deep")) return lakePlayer(request);
  // A list of a game's actions takes seconds.
  const inGame = messages.some(({ content }) => content.includes("West of House"));
  const actions = messages.some(({ content }) => content.includes("light the lamp"))
    ? LAMP_EPISODE.steps.map((step) => step.action)
    : ACTIONS.slice(0, inGame ? 2 : ACTIONS.length);
  const action = messages[0]?.content.includes("Steps.") ? "step" : actions[draw % actions.length];
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
  home = await mkdtemp(join(tmpdir(), "agentrefine-home-"));
  await writeLakes(home, 5);
  await writeBench(await fetchedFolder(home, "mt-bench"), questionLines(4));
  vi.stubEnv("AGENTREFINE_HOME", home);
  wiki = await startWiki((address) => ({ html: lakePage(address) }));
  server = await startChatServer(handle, { keepRequests: false });
  faults = false;
  replies = 0;
  stopAt = undefined;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await wiki[Symbol.asyncDispose]();
  await ground.remove();
  await rm(home, { recursive: true });
});

function modelNamed(name: string): ChatModel {
  const schedule = { attempts: 5, firstWait: 1, longestWait: 2 };
  return retryingModel(openAiCompatibleModel({ baseUrl: server.url, model: name }), {
    schedule,
    clock: systemClock,
    seed: 1,
  });
}

async function games(): Promise<readonly Suite[]> {
  if (!existsSync(STORIES)) return [];
  const files = [await readStoryFile(STORIES, ZORKS[0]!)];
  return [createJerichoSuite({ origin: "zork", folder: STORIES, files }, undefined)];
}

/** ScienceWorld is a program of others, in whose place stands one that knows an episode. */
function lampSuite(simulators: Simulators): Suite {
  const findGold = createGoldFinder(simulators);
  const suite = createSciworldSuite({ rules: "agentboard", tasks: { split: "test" }, simulators, findGold });
  return { ...suite, tasks: suite.tasks.filter(({ id }) => id === "boil/5") };
}

/** Tasks of every suite, and bad worlds. */
async function allSuites(
  name: string,
  simulators: Simulators,
): Promise<{ suites: readonly Suite[]; bad: BadWorlds }> {
  const asked = {
    judge: modelNamed("judge"),
    wikipedia: wiki.url,
    pages: join(ground.directory(name), "pages"),
  };
  const own = await Promise.all(
    ["alfworld", "babyai", "pddl", "hotpotqa", "mt-bench"].map(async (suiteName) => {
      const suite = await loadSuite(suiteName, {
        compat: "agentboard",
        ...asked,
      });
      return { ...suite, tasks: [suite.tasks[0]!, suite.tasks.at(-1)!] };
    }),
  );
  const bad = badSuite(["asks", "slow", "throws", "lies", "asks"], modelNamed("judge"));
  return { suites: [...own, lampSuite(simulators), ...(await games()), bad.suite], bad };
}

async function run(name: string, stop?: AbortSignal, retryFailed = false) {
  const simulators = new Simulators(async () =>
    openSimulator(await startFakeGateway([LAMP_EPISODE]), { startSeconds: 20, answerSeconds: 20 }),
  );
  const { suites, bad } = await allSuites(name, simulators);
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
  simulators.close();
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
  expect(whole.results).toHaveLength(EPISODES);
  expect(whole.results.filter(({ ending }) => ending === "world-failed")).toHaveLength(2);
  const episodes = await episodesOf("whole");

  faults = true;
  replies = 0;
  let torn = 0;
  for (const after of [3, 17, 31, 50]) {
    stopAt = { replies: after, stop: new AbortController() };
    const { results, pause } = await run("cut", stopAt.stop.signal);
    expect(pause).toBeUndefined();
    expect(results.length).toBeLessThan(EPISODES);
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
