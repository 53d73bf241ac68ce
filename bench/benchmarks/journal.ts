import { join } from "node:path";
import type { ChatModel } from "../../src/model/chat-model.ts";
import { openJournal } from "../../src/runs/journal.ts";
import { synthesizeLive } from "../../src/synthesis/live.ts";
import { soleTeam } from "../../src/synthesis/writers.ts";
import { type ArmResult, alternate, type Spread, spreadOf } from "../support/alternate.ts";
import { authorModel } from "../support/author-model.ts";
import { atMost, type Benchmark, type BenchmarkOptions, type Row } from "../support/benchmark.ts";
import { startServer } from "../support/child.ts";
import { fullStack } from "../support/full-stack.ts";
import { pending } from "../support/personas.ts";
import { clockWork, inTemporaryFolder } from "../support/work.ts";

const AT_ONCE = 64;

function personasOf(quick: boolean): number {
  return quick ? 200 : 2_000;
}

interface RunTime {
  /** Milliseconds. */
  readonly wall: number;
}

/** A run as `generate` drives it, with the choice that `generate` rightly does not offer. */
function timeRun(model: ChatModel, count: number, sync: boolean): Promise<RunTime> {
  return inTemporaryFolder(async (folder) => {
    const calls = await openJournal(join(folder, "calls.jsonl"), { sync });
    const syntheses = await openJournal(join(folder, "syntheses.jsonl"), { sync: false });
    try {
      const { wall } = await clockWork(async () => {
        const pause = await synthesizeLive([{ team: soleTeam(model, AT_ONCE), personas: pending(count) }], {
          maximumCalls: 4,
          errors: "refined",
          costOf: () => 0,
          stop: new AbortController().signal,
          keepCall: async (call) => void (await calls.append(call)),
          keepSynthesis: async (record) => void (await syntheses.append(record)),
        });
        if (pause !== undefined) throw pause.error;
      });
      return { wall };
    } finally {
      await calls.close();
      await syntheses.close();
    }
  });
}

/** The part of the run's time that it would not have taken without syncing, round by round, in percent. */
function timeLost(synced: ArmResult<RunTime>, unsynced: ArmResult<RunTime>): Spread {
  return spreadOf(
    synced.rounds.map(({ wall }, round) => (1 - (unsynced.rounds[round]?.wall ?? Number.NaN) / wall) * 100),
  );
}

interface Comparison {
  readonly rows: readonly Row[];
  readonly lost: number;
}

async function compare(
  where: string,
  model: ChatModel,
  rounds: { readonly rounds: number; readonly warmUp: boolean },
  { quick, progress }: BenchmarkOptions,
): Promise<Comparison> {
  const count = personasOf(quick);
  const [synced, unsynced] = await alternate(
    [true, false].map((sync) => ({
      name: `${where}, ${sync ? "synced" : "not synced"}`,
      measure: () => timeRun(model, count, sync),
    })),
    { ...(quick ? { rounds: 1, warmUp: false } : rounds), progress },
  );
  if (synced === undefined || unsynced === undefined) throw new Error("nothing was measured");
  const seconds = (result: ArmResult<RunTime>) => result.spread(({ wall }) => wall / 1000);
  return {
    rows: [
      {
        name: synced.name,
        figures: [seconds(synced), timeLost(synced, unsynced)],
      },
      { name: unsynced.name, figures: [seconds(unsynced), null] },
    ],
    lost: timeLost(synced, unsynced).median,
  };
}

/** What it costs to have every reply on the disk before it is used. */
export const journal: Benchmark = {
  name: "journal",
  question: "What share of a run's time does it cost to have every reply on the disk before it is used?",
  async run(options) {
    const server = await startServer("support/author-server.js", []);
    try {
      const author = await compare(
        "author without pause",
        authorModel(1),
        { rounds: 5, warmUp: true },
        options,
      );
      const model = await fullStack({ baseUrl: server.url, atOnce: AT_ONCE, stream: true });
      // Nothing is left to warm up: the author's runs went through the same code, and these take minutes.
      const once = { rounds: 3, warmUp: false };
      const served = await compare("server, 500 ms a reply", model, once, options);
      return {
        method: `${personasOf(options.quick)} personas, ${AT_ONCE} at once: the same run with and without syncing, with an author that answers at once (the worst case) and with a server that answers faster than any provider.`,
        columns: [
          { title: "seconds", digits: 2 },
          { title: "% lost to syncing", digits: 1 },
        ],
        rows: [...author.rows, ...served.rows],
        goals: [
          atMost("the share of a served run's time that is lost to syncing, in percent,", served.lost, 5),
        ],
        packages: [],
      };
    } finally {
      await server.stop();
    }
  },
};
