import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { AgentRefineError } from "../errors.ts";
import { ChatError, type ChatModel } from "../model/chat-model.ts";
import { Limiter, systemClock } from "../model/limiter.ts";
import { CostCapReached, costOf, Ledger, worstCost } from "../model/money.ts";
import { retryingModel, stackModel } from "../model/stack.ts";
import type { Persona } from "../persona/persona.ts";
import { createRunFolder, openRunFolder, type RunFolder } from "../runs/run-folder.ts";
import { type GenerateOptions, type GenerateResult, generate, tallyByIndex } from "./generate.ts";
import { IndexedRun } from "./indexed-run.ts";
import { readCalls, readSyntheses } from "./read-run.ts";
import { begin, receive, request, type Synthesis } from "./synthesis.ts";
import { scriptedModel } from "./testing/scripted-model.ts";

const PERSONAS: readonly Persona[] = Array.from({ length: 25 }, (_, index) => ({
  id: index.toString(16).padStart(16, "0"),
  text: `A diver, number ${index}.`,
}));

async function* personas(count?: number): AsyncGenerator<Persona> {
  yield* PERSONAS.slice(0, count);
}

async function inFolder(work: (folder: RunFolder) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "agentrefine-generate-"));
  try {
    const description = { createdAt: "2026-01-01T00:00:00Z", agentrefine: "0", settings: {}, prices: null };
    await work(await createRunFolder(join(directory, "run"), description));
  } finally {
    await rm(directory, { recursive: true });
  }
}

function run(
  folder: RunFolder,
  model: ChatModel,
  options: Partial<GenerateOptions> = {},
): Promise<GenerateResult> {
  return generate(folder, {
    model,
    personas: () => personas(),
    maximumCalls: 4,
    concurrency: 5,
    costOf: ({ completionTokens }) => completionTokens / 1000,
    retryFailed: false,
    stop: new AbortController().signal,
    ...options,
  });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What the folder of a run says of it. */
async function tallyOf({ paths }: RunFolder) {
  return tallyByIndex(paths, await IndexedRun.open(paths), () => null);
}

async function ended({ paths }: RunFolder) {
  return (await collect(readSyntheses(paths))).sort((one, other) => one.index - other.index);
}

describe("generate", () => {
  test("ends every persona once, within its calls, and the counts add up", async () => {
    await inFolder(async (folder) => {
      const model = scriptedModel(0.5);
      const { personas: count, tally, pending, pause } = await run(folder, model);
      expect({ count, pending, pause }).toEqual({ count: 25, pending: 0, pause: undefined });
      const { accepted, rejected, failed } = tally.outcomes;
      expect(accepted + rejected + failed).toBe(25);
      expect(accepted).toBeGreaterThan(0);
      expect(rejected).toBeGreaterThan(0);
      expect(tally.calls).toBe(model.answered());
      const records = await ended(folder);
      expect(records.map(({ index }) => index)).toEqual(PERSONAS.map((_, index) => index));
      expect(Math.max(...records.map(({ calls }) => calls))).toBeLessThanOrEqual(4);
      expect(records.reduce((sum, { calls }) => sum + calls, 0)).toBe(tally.calls);
      expect(tally.stopped.calls).toBeGreaterThan(0);
      expect(await tallyOf(folder)).toEqual({ personas: 25, tally });
    });
  });

  test("killed at any journal length and resumed, equals an uninterrupted run and buys nothing twice", async () => {
    await inFolder(async (folder) => {
      const few = { personas: () => personas(10) };
      await run(folder, scriptedModel(0.5), few);
      const whole = await ended(folder);
      const calls = await readFile(folder.paths.calls);
      const syntheses = await readFile(folder.paths.syntheses);
      const allCalls = (await collect(readCalls(folder.paths))).length;
      await fc.assert(
        fc.asyncProperty(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          async (a, b) => {
            // A persona is written as ended only after its calls are on the disk.
            const length = Math.floor(a * calls.length);
            await writeFile(folder.paths.calls, calls.subarray(0, length));
            const kept = await collect(readCalls(folder.paths));
            const lines = syntheses.toString("utf8").split("\n").slice(0, -1);
            const possible = lines.filter((line) => {
              const record = JSON.parse(line) as { index: number; calls: number };
              return kept.filter(({ index }) => index === record.index).length === record.calls;
            });
            const text = possible.map((line) => `${line}\n`).join("");
            await writeFile(folder.paths.syntheses, text.slice(0, Math.floor(b * text.length)));
            const model = scriptedModel(0.5);
            const { tally } = await run(await openRunFolder(folder.directory), model, few);
            expect(await ended(folder)).toEqual(whole);
            expect(model.answered()).toBe(allCalls - kept.length);
            expect(tally.calls).toBe(allCalls);
          },
        ),
        { numRuns: 12 },
      );
    });
  });

  test("drops a torn last line with a note", async () => {
    await inFolder(async (folder) => {
      await run(folder, scriptedModel(0));
      await appendFile(folder.paths.calls, '{"index": 3, "per');
      const notes: string[] = [];
      await run(folder, scriptedModel(0), { onNote: (note) => notes.push(note) });
      expect(notes).toEqual([`dropped 17 bytes of a torn last line in ${folder.paths.calls}`]);
    });
  });

  test("told to stop, finishes the calls that run and can be resumed", async () => {
    await inFolder(async (folder) => {
      const stop = new AbortController();
      const model = scriptedModel(0.5);
      const stopping: ChatModel = {
        ...model,
        chat: async (request, options) => {
          if (model.answered() === 20) stop.abort();
          return await model.chat(request, { ...options, stop: new AbortController().signal });
        },
      };
      const first = await run(folder, stopping, { stop: stop.signal });
      expect(first.pending).toBeGreaterThan(0);
      expect(first.tally.calls).toBe(model.answered());
      const second = await run(folder, scriptedModel(0.5));
      expect(second.pending).toBe(0);
    });
  });

  test("told to stop while a call waits to be repeated, keeps what its attempts have bought", async () => {
    await inFolder(async (folder) => {
      const stop = new AbortController();
      const breaking = failing(scriptedModel(0), "timeout", (call) => {
        if (call === 20) setImmediate(() => stop.abort());
        return call === 20;
      });
      const schedule = { attempts: 6, firstWait: 600_000, longestWait: 600_000 };
      const persistent = retryingModel(breaking, { schedule, clock: systemClock, seed: 1 });
      const first = await run(folder, persistent, { stop: stop.signal });
      expect(first.tally).toMatchObject({ failedCalls: 1, outcomes: { failed: 0 } });
      const second = await run(folder, scriptedModel(0));
      expect(second.tally).toMatchObject({ failedCalls: 1, outcomes: { accepted: 25, failed: 0 } });
    });
  });

  test.each(["calls", "syntheses", "personas"] as const)(
    "refuses a line of %s that is something else, with its number",
    async (journal) => {
      await inFolder(async (folder) => {
        await writeFile(folder.paths.personas, '{"id":"a","persona":"A diver."}\n');
        await appendFile(folder.paths[journal], "{}\n");
        const line = journal === "personas" ? 2 : 1;
        const refused = run(folder, scriptedModel(0));
        await expect(refused).rejects.toThrow(`${journal}.jsonl is damaged: line ${line} is not a`);
        await expect(refused).rejects.toBeInstanceOf(AgentRefineError);
      });
    },
  );

  test.runIf(process.platform === "linux")(
    "leaves no journal open when the other cannot be opened",
    async () => {
      await inFolder(async (folder) => {
        await mkdir(folder.paths.syntheses);
        await expect(run(folder, scriptedModel(0))).rejects.toThrow(AgentRefineError);
        const numbers = await readdir("/proc/self/fd");
        const open = await Promise.all(
          numbers.map((each) => readlink(`/proc/self/fd/${each}`).catch(() => "")),
        );
        expect(open).not.toContain(folder.paths.calls);
      });
    },
  );

  test("refuses a second process on the same run", async () => {
    await inFolder(async (folder) => {
      const both = await Promise.allSettled([
        run(folder, scriptedModel(0.5)),
        run(folder, scriptedModel(0.5)),
      ]);
      const refused = both.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
      expect(refused).toHaveLength(1);
      expect(refused[0]).toContain("is in use by process");
      expect((await ended(folder)).length).toBe(25);
    });
  });

  test("ends with one line, and appends nothing more, when its folder was taken over meanwhile", async () => {
    await inFolder(async (folder) => {
      vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
      try {
        const model = scriptedModel(0.5);
        let length = 0;
        const chat = model.chat;
        const suspended: ChatModel = {
          ...model,
          chat: async (request, options) => {
            const reply = await chat(request, options);
            if (model.answered() !== 20) return reply;
            // As if this process had been suspended, and another had worked in the folder and ended since.
            await rm(join(folder.directory, "lock"));
            vi.advanceTimersByTime(10_000);
            await new Promise((resolve) => options?.stop?.addEventListener("abort", resolve));
            length = (await stat(folder.paths.calls)).size;
            return reply;
          },
        };
        await expect(run(folder, suspended, { concurrency: 1 })).rejects.toThrow(
          "was taken over by another process",
        );
        expect((await stat(folder.paths.calls)).size).toBe(length);
        expect(model.answered()).toBe(20);
      } finally {
        vi.useRealTimers();
      }
    });
  });

  test.each([
    ["cut", (lines: readonly string[]) => lines.slice(0, 10)],
    ["reordered", (lines: readonly string[]) => [...lines].reverse()],
  ])("refuses a run whose personas were %s", async (_change, change) => {
    await inFolder(async (folder) => {
      await run(folder, scriptedModel(0));
      const lines = (await readFile(folder.paths.personas, "utf8")).trim().split("\n");
      await writeFile(folder.paths.personas, `${change(lines).join("\n")}\n`);
      await expect(run(folder, scriptedModel(0))).rejects.toThrow("personas.jsonl was changed: at place ");
    });
  });

  test("does not read the personas again once it has them", async () => {
    await inFolder(async (folder) => {
      await run(folder, scriptedModel(0));
      const again = await run(folder, scriptedModel(0), {
        personas: () => {
          throw new Error("the personas were read again");
        },
      });
      expect(again.personas).toBe(25);
    });
  });
});

function failing(model: ChatModel, code: ChatError["code"], fails: (call: number) => boolean): ChatModel {
  let call = 0;
  const usage = { promptTokens: 10, completionTokens: 5, cachedTokens: 0, estimated: true };
  return {
    name: model.name,
    chat: async (request, options) => {
      call += 1;
      if (fails(call)) throw new ChatError(code, "no answer", { usage });
      return await model.chat(request, options);
    },
  };
}

describe("a model that does not answer", () => {
  test("pauses the run at a refused key; nothing is lost and nobody is counted as failed", async () => {
    await inFolder(async (folder) => {
      const refused = await run(
        folder,
        failing(scriptedModel(0), "unauthorized", (call) => call > 10),
      );
      expect(refused.pause?.error.message).toBe("no answer");
      expect(refused.tally.outcomes.failed).toBe(0);
      expect(refused.tally.calls).toBe(10);
      expect((await run(folder, scriptedModel(0))).tally.outcomes.accepted).toBe(25);
    });
  });

  test("pauses the run when the server never answered", async () => {
    await inFolder(async (folder) => {
      const result = await run(
        folder,
        failing(scriptedModel(0), "unreachable", () => true),
      );
      expect(result.pause?.error.message).toBe("no answer");
      expect(result.pending).toBe(25);
    });
  });

  test("fails single personas for a reason of their own and counts what they cost", async () => {
    await inFolder(async (folder) => {
      const result = await run(
        folder,
        failing(scriptedModel(0), "rejected-request", (call) => call % 10 === 0),
      );
      expect(result.pause).toBeUndefined();
      expect(result.tally.outcomes.failed).toBeGreaterThan(0);
      expect(result.tally.failedCalls).toBe(result.tally.outcomes.failed);
      const { accepted, rejected, failed } = result.tally.outcomes;
      expect(accepted + rejected + failed).toBe(25);
      const reasons = (await ended(folder)).flatMap(({ reason }) => reason ?? []);
      expect(new Set(reasons)).toEqual(new Set(["no answer"]));

      const again = await run(folder, scriptedModel(0), { retryFailed: true });
      expect(again.tally.outcomes).toEqual({ accepted: 25, rejected: 0, failed: 0 });
      expect(await tallyOf(folder)).toEqual({ personas: 25, tally: again.tally });
    });
  });

  test("counts the faults of a persona that is tried again once", async () => {
    await inFolder(async (whole) => {
      const { tally } = await run(whole, scriptedModel(0.5));
      await inFolder(async (folder) => {
        const model = failing(scriptedModel(0.5), "rejected-request", (call) => call > 10 && call % 3 === 0);
        const broken = await run(folder, model);
        expect(Object.keys(broken.tally.faults)).not.toEqual([]);
        const again = await run(folder, scriptedModel(0.5), { retryFailed: true });
        expect(again.tally.faults).toEqual(tally.faults);
        expect((await tallyOf(folder)).tally.faults).toEqual(tally.faults);
      });
    });
  });

  test("a reply that cannot be kept ends the run with the disk's words", async () => {
    await inFolder(async (folder) => {
      await run(folder, scriptedModel(0));
      await truncate(folder.paths.calls, 0);
      await truncate(folder.paths.syntheses, 0);
      expect((await stat(folder.paths.calls)).size).toBe(0);
      const broken: ChatModel = {
        name: "broken",
        chat: async () => ({
          text: "x",
          finish: "stop",
          // Not a JSON value, so that the journal refuses it as a disk would.
          usage: { promptTokens: 1n, completionTokens: 0, cachedTokens: 0, estimated: false } as never,
        }),
      };
      await expect(run(folder, broken)).rejects.toThrow(/BigInt/);
    });
  });
});

describe("a budget", () => {
  const price = { prompt: 1, cachedPrompt: 1, completion: 5 };
  /** How many of 40 personas are accepted with so much money, or with none of it missing. */
  async function spend(folder: RunFolder, concurrency: number, maxCost: number | undefined) {
    const ledger = new Ledger(maxCost);
    const model = stackModel(scriptedModel(0.3), {
      limiter: new Limiter(systemClock, { start: 32, maximum: concurrency }),
      ledger,
      price,
      maxTokens: 2000,
      seed: 1,
    });
    return await run(folder, model, {
      personas: async function* () {
        for (let index = 0; index < 40; index += 1)
          yield { id: index.toString(16).padStart(16, "0"), text: `A diver, ${index}.` };
      },
      concurrency,
      costOf: (usage) => costOf(price, usage),
      budget: maxCost === undefined ? undefined : { maxCost, maxTokens: 2000 },
    });
  }

  test("for a quarter of the personas is not spent on the scripts of all, however many are worked on", async () => {
    await inFolder(async (whole) => {
      const all = await spend(whole, 4, undefined);
      const quarter = (all.tally.cost ?? 0) / 4;
      const accepted: number[] = [];
      for (const concurrency of [4, 64]) {
        await inFolder(async (folder) => {
          const { tally, pause } = await spend(folder, concurrency, quarter);
          expect(pause?.error).toBeInstanceOf(CostCapReached);
          expect(tally.cost).toBeLessThanOrEqual(quarter);
          accepted.push(tally.outcomes.accepted);
        });
      }
      const [few = 0, many = 0] = accepted;
      expect(few).toBeGreaterThan(0);
      expect(many).toBeGreaterThanOrEqual(few);
    });
  });

  test("leaves a persona half made only when its own next call does not fit", async () => {
    for (const maxCost of [0.05, 0.09, 0.13, 0.2]) {
      await inFolder(async (folder) => {
        const { tally } = await spend(folder, 16, maxCost);
        const rest = maxCost - (tally.cost ?? 0);
        expect(rest).toBeGreaterThanOrEqual(0);
        const ended = new Set<number>();
        for await (const { index } of readSyntheses(folder.paths)) ended.add(index);
        const begun = new Map<number, Synthesis>();
        for await (const call of readCalls(folder.paths)) {
          if (ended.has(call.index) || !("text" in call)) continue;
          const text = `A diver, ${call.index}.`;
          const before = begun.get(call.index) ?? begin({ id: call.persona, text }, 4);
          begun.set(call.index, receive(before, call));
        }
        for (const synthesis of begun.values()) {
          const ask = request(synthesis);
          expect(ask && worstCost(ask, price, 2000)).toBeGreaterThan(rest);
        }
      });
    }
  });
});
