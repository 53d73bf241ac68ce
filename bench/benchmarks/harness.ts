import { Agent, request } from "undici";
import type { Suite } from "../../src/environment/suite.ts";
import { type ChatMessage, type ChatModel, NO_USAGE } from "../../src/model/chat-model.ts";
import { type ArmResult, alternate, type Spread, spreadOf } from "../support/alternate.ts";
import type { Benchmark, BenchmarkOptions, Report } from "../support/benchmark.ts";
import { startServer } from "../support/child.ts";
import { fullStack } from "../support/full-stack.ts";
import { clockWork, manyAtOnce, type WorkTime } from "../support/work.ts";
import { AT_ONCE, benchSuite, REPLY, TURNS } from "./harness-load.ts";
import { playEpisodes } from "./play-episodes.ts";

const LATENCY = 50;

/** The requests of one episode, in their order. */
type Requests = readonly (readonly ChatMessage[])[];

/** What an episode of each task asks a model, found by playing it with a model that is not on the wire. */
async function requestsOf(suite: Suite): Promise<readonly Requests[]> {
  const episodes: Requests[] = [];
  for (const task of suite.tasks) {
    const requests: (readonly ChatMessage[])[] = [];
    const model: ChatModel = {
      name: "recorder",
      chat: async ({ messages }) => {
        requests.push(messages);
        return { text: REPLY, finish: "stop", usage: NO_USAGE };
      },
    };
    await playEpisodes(model, { suite: { ...suite, tasks: [task] }, attempts: 1 });
    episodes.push(requests);
  }
  return episodes;
}

type Ask = (messages: readonly ChatMessage[]) => Promise<unknown>;

/** The least that a client can do: writes the request's JSON, reads the answer's. */
function bareAsk(url: string): Ask {
  const dispatcher = new Agent();
  return async (messages) => {
    const { body } = await request(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "served", messages, max_tokens: 16_384 }),
      dispatcher,
    });
    return await body.json();
  };
}

/** Asks all that the episodes ask, so many episodes at once and nothing beside it. */
async function askAll(episodes: readonly Requests[], attempts: number, ask: Ask): Promise<void> {
  let next = 0;
  await manyAtOnce(episodes.length * attempts, AT_ONCE, async () => {
    const requests = episodes[next % episodes.length] ?? [];
    next += 1;
    for (const messages of requests) await ask(messages);
  });
}

/** What an arm took beyond another for one episode, round by round, in milliseconds. */
function beyond(
  one: ArmResult<WorkTime>,
  other: ArmResult<WorkTime> | undefined,
  ofEpisode: (time: WorkTime) => number,
): Spread | null {
  if (other === undefined || one === other) return null;
  return spreadOf(
    one.rounds.map((time, round) => {
      const against = other.rounds[round];
      return against === undefined ? Number.NaN : ofEpisode(time) - ofEpisode(against);
    }),
  );
}

async function compare(url: string, { quick, progress }: BenchmarkOptions): Promise<Report> {
  const suite = benchSuite(8);
  const attempts = quick ? 2 : 8;
  const episodes = suite.tasks.length * attempts;
  const requests = await requestsOf(suite);
  const model = await fullStack({ baseUrl: url, atOnce: AT_ONCE, stream: false });
  const arm = (name: string, work: () => Promise<unknown>) => ({ name, measure: () => clockWork(work) });
  const results = await alternate(
    [
      arm("bare undici, the same requests", () => askAll(requests, attempts, bareAsk(url))),
      arm("model stack, the same requests", () =>
        askAll(requests, attempts, (messages) => model.chat({ messages })),
      ),
      arm("evaluation", () => playEpisodes(model, { suite, attempts })),
    ],
    { rounds: quick ? 1 : 7, progress },
  );
  const [bare] = results;
  const cpu = (time: WorkTime): number => time.cpu / episodes;
  /** What an episode waits for, as it is played among others. */
  const wall = (time: WorkTime): number => (time.wall * AT_ONCE) / episodes;
  return {
    method: `${episodes} episodes of ${TURNS} turns, ${AT_ONCE} at once, not streamed, answers after ${LATENCY} ms from a server in another process; an evaluation plays the PDDL games that ship and syncs each reply and each episode to the disk, its CPU time includes the worlds.`,
    columns: [
      { title: "CPU ms a turn", digits: 3 },
      { title: "wall ms a turn", digits: 2 },
      { title: "CPU ms an episode beyond bare", digits: 1 },
      { title: "wall ms an episode beyond bare", digits: 0 },
    ],
    rows: results.map((result) => ({
      name: result.name,
      figures: [
        result.spread((time) => cpu(time) / TURNS),
        result.spread((time) => wall(time) / TURNS),
        beyond(result, bare, cpu),
        beyond(result, bare, wall),
      ],
    })),
    goals: [],
    packages: ["undici", "zod"],
  };
}

/** What the harness costs beside the model that it waits for. */
export const harness: Benchmark = {
  name: "harness",
  question: "What does an evaluation cost for each turn, against a client that only sends its requests?",
  async run(options) {
    const server = await startServer("benchmarks/harness-server.js", [String(LATENCY)]);
    try {
      return await compare(server.url, options);
    } finally {
      await server.stop();
    }
  },
};
