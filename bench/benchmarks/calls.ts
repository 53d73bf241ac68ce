import { join } from "node:path";
import { Agent, request } from "undici";
import type { ChatRequest } from "../../src/model/chat-model.ts";
import { type Journal, openJournal } from "../../src/runs/journal.ts";
import { alternate, ratioOf } from "../support/alternate.ts";
import { atLeast, type Benchmark, type BenchmarkOptions, type Report } from "../support/benchmark.ts";
import { startServer } from "../support/child.ts";
import { fullStack } from "../support/full-stack.ts";
import { clockWork, inTemporaryFolder, manyAtOnce } from "../support/work.ts";
import { AT_ONCE } from "./calls-load.ts";

type Call = () => Promise<void>;

/** Short, so that what the stack adds is as large a part of a call as it can be. */
const ASK: ChatRequest = {
  messages: [
    { role: "system", content: "You play a text-based game alone." },
    { role: "user", content: "Write the game for this script." },
  ],
};

interface CallTime {
  readonly perSecond: number;
  /** Milliseconds of this process for one call. */
  readonly cpu: number;
}

/** The least that a client can do: writes the request's JSON, reads the answer's. */
function bareCall(url: string): Call {
  const dispatcher = new Agent();
  return async () => {
    const { body } = await request(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "served", messages: ASK.messages, max_tokens: 16_384 }),
      dispatcher,
    });
    await body.json();
  };
}

async function stackCall(url: string, journal?: Journal): Promise<Call> {
  const model = await fullStack({ baseUrl: url, atOnce: AT_ONCE, stream: false });
  const { signal: stop } = new AbortController();
  return async () => {
    const { text, finish, usage } = await model.chat(ASK, { stop });
    await journal?.append({ index: 0, persona: "0000000000000000", call: 1, text, finish, usage });
  };
}

async function compare(
  url: string,
  journal: Journal,
  { quick, progress }: BenchmarkOptions,
): Promise<Report> {
  const total = AT_ONCE * (quick ? 4 : 40);
  const arm = (name: string, call: Call) => ({
    name,
    measure: async (): Promise<CallTime> => {
      const { cpu, wall } = await clockWork(() => manyAtOnce(total, AT_ONCE, call));
      return { cpu: cpu / total, perSecond: (total / wall) * 1000 };
    },
  });
  const results = await alternate(
    [
      arm("bare undici", bareCall(url)),
      arm("agentrefine", await stackCall(url)),
      arm("agentrefine with journal", await stackCall(url, journal)),
    ],
    { rounds: quick ? 1 : 7, progress },
  );
  const [bare, ...ours] = results;
  const share = (one: (typeof results)[number]) =>
    bare === undefined ? null : ratioOf(one, bare, ({ perSecond }) => perSecond);
  return {
    method: `${AT_ONCE} calls at once, not streamed, answers of 4.6 KB after 50 ms from a server in another process.`,
    columns: [
      { title: "calls a second", digits: 0 },
      { title: "divided by bare undici", digits: 3 },
      { title: "CPU ms a call", digits: 3 },
    ],
    rows: results.map((result) => ({
      name: result.name,
      figures: [result.spread(({ perSecond }) => perSecond), share(result), result.spread(({ cpu }) => cpu)],
    })),
    goals: ours.map((one) =>
      atLeast(`the speed of ${one.name}, divided by bare undici's,`, share(one)?.median ?? Number.NaN, 0.8),
    ),
    packages: ["undici"],
  };
}

/** Calls a second through the whole model stack, against an HTTP client that does nothing else. */
export const calls: Benchmark = {
  name: "calls",
  question: "How many calls a second does the whole model stack make, against bare undici?",
  async run(options) {
    const server = await startServer("benchmarks/calls-server.js", []);
    try {
      return await inTemporaryFolder(async (folder) => {
        const journal = await openJournal(join(folder, "calls.jsonl"), { sync: true });
        try {
          return await compare(server.url, journal, options);
        } finally {
          await journal.close();
        }
      });
    } finally {
      await server.stop();
    }
  },
};
