import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Persona } from "../../persona/persona.ts";
import { createRunFolder, openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { readShard } from "../../runs/shard.ts";
import { generate } from "../generate.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { mergeRuns } from "./merge-runs.ts";

const PERSONAS: readonly Persona[] = Array.from({ length: 14 }, (_, index) => ({
  id: (index * 7919).toString(16).padStart(16, "0"),
  text: `A diver, number ${index}.`,
}));

let directory: string;
let folders = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "agentrefine-merge-"));
});

afterAll(() => rm(directory, { recursive: true }));

function newFolder(): string {
  folders += 1;
  return join(directory, String(folders));
}

/** A run of some personas, or a shard of it. */
async function create(count: number, shard?: string): Promise<RunFolder> {
  const settings = { seed: 1, personas: { source: "divers", limit: count, ...(shard && { shard }) } };
  const description = { createdAt: "2026-01-01T00:00:00Z", agentrefine: "0", settings, prices: null };
  return createRunFolder(newFolder(), description);
}

/** Drives a run; it is stopped after so many calls. */
async function drive(
  run: RunFolder,
  count: number,
  { shard, concurrency = 4, stopAfter = 1e9 }: Driven = {},
) {
  const model = scriptedModel(0.4);
  const stop = new AbortController();
  return generate(run, {
    model: {
      name: "scripted",
      chat: async (request, options) => {
        if (model.answered() >= stopAfter) stop.abort();
        return model.chat(request, options);
      },
    },
    personas: async function* () {
      yield* PERSONAS.slice(0, count);
    },
    ...(shard === undefined ? {} : { shard: readShard(shard) }),
    maximumCalls: 4,
    concurrency,
    costOf: ({ completionTokens }) => completionTokens / 1000,
    retryFailed: false,
    stop: stop.signal,
  });
}

interface Driven {
  readonly shard?: string;
  readonly concurrency?: number;
  readonly stopAfter?: number;
}

async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = ["run.json", "personas.jsonl", "calls.jsonl", "syntheses.jsonl"];
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]),
  );
  return Object.fromEntries(texts);
}

/** The files of the normal form of a run. */
async function normalForm(run: RunFolder): Promise<Readonly<Record<string, string>>> {
  const { kind, out } = await mergeRuns({ out: newFolder(), runs: [run.directory] });
  expect(kind).toBe("merged");
  return filesOf(out);
}

describe("merged shards", () => {
  test("equal the run without shards, for any number of them, in any order, killed at any call", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: PERSONAS.length }),
        fc.integer({ min: 1, max: 17 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(20), { minLength: 17, maxLength: 17 }),
        async (count, of, concurrency, stops) => {
          const whole = await create(count);
          await drive(whole, count, { concurrency });
          const shards = await Promise.all(
            Array.from({ length: of }, async (_shard, part) => {
              const shard = `${part}/${of}`;
              const run = await create(count, shard);
              await drive(run, count, { shard, stopAfter: stops[part] ?? 0 });
              await drive(await openRunFolder(run.directory), count, { shard });
              return { at: stops[part] ?? 0, directory: run.directory };
            }),
          );
          const runs = shards.sort((one, other) => one.at - other.at).map((shard) => shard.directory);
          const { out, ...result } = await mergeRuns({ out: newFolder(), runs });
          expect(result).toMatchObject({ kind: "merged", personas: count, ended: count });
          expect(await filesOf(out)).toEqual(await normalForm(whole));
        },
      ),
      { numRuns: 12 },
    );
  }, 30_000);
});
