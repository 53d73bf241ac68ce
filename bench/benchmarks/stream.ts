import { type ArmResult, alternate, ratioOf } from "../support/alternate.ts";
import { atMost, type Benchmark, type BenchmarkOptions, type Goal, type Row } from "../support/benchmark.ts";
import { startServer } from "../support/child.ts";
import { trajectoryStage } from "../support/long-trajectory.ts";
import { clockWork, manyAtOnce } from "../support/work.ts";
import { aiSdkClient, bareClient, type ClientMaker, openAiClient, ourClient } from "./stream-clients.ts";

interface Client {
  readonly name: string;
  readonly make: ClientMaker;
  /** Whether one wave of streams is enough for a round: the client is so slow that more would take many minutes. */
  readonly oneWave?: boolean;
}

const CLIENTS: readonly Client[] = [
  { name: "agentrefine", make: ourClient },
  { name: "openai", make: openAiClient },
  { name: "ai (AI SDK)", make: aiSdkClient, oneWave: true },
  { name: "bare undici, thrown away", make: bareClient },
];

/** How many streams run at once, how many there are in a round, and how many rounds. */
const LOADS = [
  { atOnce: 64, total: 256, rounds: 5 },
  { atOnce: 512, total: 1024, rounds: 3 },
] as const;

interface ReplyTime {
  /** Milliseconds of this process for one reply. */
  readonly cpu: number;
  readonly perSecond: number;
}

async function measureLoad(
  url: string,
  load: (typeof LOADS)[number],
  { quick, progress }: BenchmarkOptions,
): Promise<readonly ArmResult<ReplyTime>[]> {
  const { atOnce } = load;
  const synthesis = trajectoryStage();
  const arms = [];
  for (const { name, make, oneWave = false } of CLIENTS) {
    const total = quick || oneWave ? atOnce : load.total;
    const client = await make(url, atOnce, synthesis);
    const measure = async (): Promise<ReplyTime> => {
      const { cpu, wall } = await clockWork(() => manyAtOnce(total, atOnce, client));
      return { cpu: cpu / total, perSecond: (total / wall) * 1000 };
    };
    arms.push({ name, measure });
  }
  return alternate(arms, {
    rounds: quick ? 1 : load.rounds,
    progress: (note) => progress(`${atOnce} at once, ${note}`),
  });
}

function rowsOf(atOnce: number, results: readonly ArmResult<ReplyTime>[]): readonly Row[] {
  const [ours] = results;
  return results.map((result) => ({
    name: `${result.name}, ${atOnce} at once`,
    figures: [
      result.spread(({ cpu }) => cpu),
      result.spread(({ perSecond }) => perSecond),
      ours === undefined || ours === result ? null : ratioOf(ours, result, ({ cpu }) => cpu),
    ],
  }));
}

function goalsOf(atOnce: number, results: readonly ArmResult<ReplyTime>[]): readonly Goal[] {
  const [ours, openAi] = results;
  if (ours === undefined || openAi === undefined) return [];
  const cpu = ours.spread((time) => time.cpu).median;
  const share = ratioOf(ours, openAi, (time) => time.cpu).median;
  return [
    atMost(`CPU of a reply at ${atOnce} at once, in milliseconds,`, cpu, 3),
    atMost(`the share of the openai package's CPU at ${atOnce} at once`, share, 0.25),
  ];
}

/** CPU for a streamed reply, against the packages that others use. */
export const stream: Benchmark = {
  name: "stream",
  question: "How much CPU does the client need for a streamed reply of 20 KB that is verified as it comes?",
  async run(options) {
    const server = await startServer("benchmarks/stream-server.js", []);
    try {
      const rows: Row[] = [];
      const goals: Goal[] = [];
      for (const load of LOADS) {
        const results = await measureLoad(server.url, load, options);
        rows.push(...rowsOf(load.atOnce, results));
        goals.push(...goalsOf(load.atOnce, results));
      }
      return {
        method:
          "About 1,000 deltas of 20 characters in 100 ms from a server in another process; each client feeds the same watch and receive, but for bare undici, which only reads the bytes: no client on it can cost less.",
        columns: [
          { title: "CPU ms a reply", digits: 2 },
          { title: "replies a second", digits: 0 },
          { title: "ours divided by it", digits: 3 },
        ],
        rows,
        goals,
        packages: ["undici", "eventsource-parser", "openai", "ai", "@ai-sdk/openai-compatible"],
      };
    } finally {
      await server.stop();
    }
  },
};
