import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { offlineModel } from "../../src/author/offline-model.ts";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { costOf, worstCost } from "../../src/model/money.ts";
import { openBatchService } from "../../src/model/providers.ts";
import { type BatchServer, startBatchServer } from "../../src/model/testing/batch-server.ts";
import { createRunFolder, type RunFolder } from "../../src/runs/run-folder.ts";
import { type GenerateOptions, generate } from "../../src/synthesis/generate.ts";
import { readSyntheses } from "../../src/synthesis/read-run.ts";
import type { SynthesisRecord } from "../../src/synthesis/record.ts";
import { atMost, type Benchmark } from "../support/benchmark.ts";
import { personas } from "../support/personas.ts";

/** Dollars for a million tokens: gpt-4o's at the end of 2025, in a batch. */
const PRICE = { prompt: 1.25, cachedPrompt: 1.25, completion: 5 };
const MAX_TOKENS = 8192;
const PROVIDERS = ["openai", "anthropic"] as const;

/** The offline author, who writes whole replies: what is stopped at its fault live is told of in other words. */
function wholeAuthor(): ChatModel {
  return offlineModel({ seed: "bench", stream: false });
}

/** Time that moves on by itself whenever somebody waits. */
function jumpingClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (duration: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      now += duration;
    },
  };
}

/** A server that does everything wrong that it may, now and then, behind which the offline author writes. */
async function faultyServer(now: () => number): Promise<BatchServer> {
  const author = wholeAuthor();
  const server = await startBatchServer({
    answer: async (messages) => {
      const { text, finish } = await author.chat({ messages });
      return { text, finish: finish === "length" ? finish : "stop" };
    },
    now,
    duration: 45_000,
  });
  server.faults.listingLag = 20_000;
  server.faults.lostCreates = 1;
  server.faults.fate = (number) => ({
    twice: number % 5 === 1,
    backwards: number % 2 === 0,
    loses: (place) => number % 4 === 2 && place % 10 === 3,
    runs: (place) => number % 4 !== 3 || place % 2 === 0,
  });
  return server;
}

class Killed extends Error {}

async function ended({ paths }: RunFolder): Promise<readonly SynthesisRecord[]> {
  const all: SynthesisRecord[] = [];
  for await (const record of readSyntheses(paths)) all.push(record);
  return all.sort((one, other) => one.index - other.index);
}

/** What differs between two runs: records that are not the same, and such as one alone has. */
function differences(one: readonly SynthesisRecord[], other: readonly SynthesisRecord[]): number {
  const texts = new Set(other.map((record) => JSON.stringify(record)));
  const same = one.filter((record) => texts.has(JSON.stringify(record))).length;
  return Math.max(one.length, other.length) - same;
}

interface Found {
  readonly made: number;
  readonly bought: number;
  readonly twice: number;
  readonly differing: number;
  readonly kills: number;
  readonly spent: number;
  readonly booked: number;
}

/** One run in batches that is killed after every tenth event, beside a live one with the same replies. */
async function measure(
  provider: (typeof PROVIDERS)[number],
  count: number,
  maxCost: number,
  folders: { readonly live: RunFolder; readonly batched: RunFolder },
): Promise<Found> {
  const clock = jumpingClock();
  const server = await faultyServer(clock.now);
  const settings = { provider, model: "test", baseUrl: server.url, maxTokens: MAX_TOKENS };
  const service = await openBatchService(settings, {});
  const common: GenerateOptions = {
    model: wholeAuthor(),
    personas: () => personas(count),
    maximumCalls: 4,
    concurrency: 10_000,
    retryFailed: false,
    stop: new AbortController().signal,
    costOf: (usage) => costOf(PRICE, usage),
  };
  try {
    await generate(folders.live, { ...common, concurrency: 16 });
    let [events, kills] = [0, 0];
    const part = () =>
      generate(folders.batched, {
        ...common,
        budget: { maxCost, maxTokens: MAX_TOKENS },
        batch: {
          service,
          model: "test",
          waits: true,
          clock,
          mostRequests: 100,
          costOf: (usage) => costOf(PRICE, usage),
          worstOf: (request) => worstCost(request, PRICE, MAX_TOKENS),
          onEvent: () => {
            events += 1;
            if (events % 10 === 0) throw new Killed();
          },
        },
      }).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        kills += 1;
        return undefined;
      });
    let result = await part();
    while (result === undefined) result = await part();
    const asked = server.bought.map(({ customId }) => customId.slice(0, customId.lastIndexOf("-")));
    const spent = server.bought.reduce(
      (sum, { promptTokens, completionTokens }) =>
        sum + (PRICE.prompt * promptTokens + PRICE.completion * completionTokens) / 1e6,
      0,
    );
    return {
      made: server.batches.length,
      bought: asked.length,
      twice: asked.length - new Set(asked).size,
      differing: differences(await ended(folders.batched), await ended(folders.live)),
      kills,
      spent,
      booked: result.tally.cost ?? 0,
    };
  } finally {
    await server.close();
  }
}

/** A run in batches against a faulty server, killed again and again. */
export const batch: Benchmark = {
  name: "batch",
  question: "Does a run in batches that is killed again and again buy each reply once, and come to the same?",
  run: async ({ quick, size }) => {
    const count = size ?? (quick ? 40 : 500);
    const maxCost = count * 0.2;
    const directory = await mkdtemp(join(tmpdir(), "agentrefine-bench-"));
    const folder = (name: string): Promise<RunFolder> =>
      createRunFolder(join(directory, name), {
        createdAt: new Date().toISOString(),
        agentrefine: "0",
        settings: {},
        prices: null,
      });
    try {
      const found: (readonly [string, Found])[] = [];
      for (const provider of PROVIDERS) {
        const folders = { live: await folder(`${provider}-live`), batched: await folder(provider) };
        found.push([provider, await measure(provider, count, maxCost, folders)]);
      }
      const titles = [
        "batches",
        "lines bought",
        "bought twice",
        "different",
        "kills",
        "$ sold",
        "$ counted",
        "$ cap",
      ];
      const sum = (of: (each: Found) => number): number => found.reduce((all, each) => all + of(each[1]), 0);
      const most = Math.max(...found.map(([, { spent }]) => spent));
      return {
        method: `${count} personas of the offline author behind a server of both protocols that loses answers and lines, expires, repeats and lags, the run killed after each tenth event, beside a live run.`,
        columns: titles.map((title) => ({ title, digits: title.startsWith("$") ? 4 : 0 })),
        rows: found.map(([name, { made, bought, twice, differing, kills, spent, booked }]) => ({
          name,
          figures: [made, bought, twice, differing, kills, spent, booked, maxCost],
        })),
        goals: [
          atMost(
            "lines bought twice",
            sum(({ twice }) => twice),
            0,
          ),
          atMost(
            "personas that ended otherwise than live",
            sum(({ differing }) => differing),
            0,
          ),
          atMost("dollars sold", most, maxCost),
        ],
        packages: [],
      };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
