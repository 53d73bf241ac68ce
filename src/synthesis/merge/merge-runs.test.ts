import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Persona } from "../../persona/persona.ts";
import { lockFolder } from "../../runs/lock.ts";
import { createRunFolder, openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { readShard } from "../../runs/shard.ts";
import { generate } from "../generate.ts";
import { personaLine } from "../record.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { type MergeOptions, type MergeResult, mergeRuns } from "./merge-runs.ts";

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

function merge(
  runs: readonly (RunFolder | undefined)[],
  options: Partial<MergeOptions> = {},
): Promise<MergeResult> {
  const folders = runs.flatMap((run) => (run === undefined ? [] : [run.directory]));
  return mergeRuns({ out: newFolder(), runs: folders, ...options });
}

/** The files of the normal form of a run. */
async function normalForm(run: RunFolder | undefined): Promise<Readonly<Record<string, string>>> {
  const { kind, out } = await merge([run]);
  expect(kind).toBe("merged");
  return filesOf(out);
}

/** The lines of a journal of a run, each with the place of its persona. */
async function linesOf(path: string): Promise<readonly { readonly index: number; readonly line: string }[]> {
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => ({ index: JSON.parse(line).index, line: `${line}\n` }));
}

/** The shards of a run as if they had been made by themselves, the personas of each having ended in some order. */
async function split(whole: RunFolder, count: number, of: number, rank: (index: number) => number) {
  const [calls, syntheses] = [await linesOf(whole.paths.calls), await linesOf(whole.paths.syntheses)];
  return Promise.all(
    Array.from({ length: of }, async (_shard, part) => {
      const run = await create(count, `${part}/${of}`);
      const text = (lines: typeof calls): string =>
        lines
          .filter(({ index }) => index < count && index % of === part)
          .sort((one, other) => rank(one.index) - rank(other.index))
          .map(({ line }) => line)
          .join("");
      const personas = PERSONAS.slice(0, count).flatMap((persona, index) =>
        index % of === part ? [{ index, persona }] : [],
      );
      await writeFile(run.paths.personas, personas.map((each, line) => personaLine(each, line)).join(""));
      await writeFile(run.paths.calls, text(calls));
      await writeFile(run.paths.syntheses, text(syntheses));
      return run;
    }),
  );
}

let whole: RunFolder;

beforeAll(async () => {
  whole = await create(PERSONAS.length);
  await drive(whole, PERSONAS.length, { concurrency: 5 });
});

const ranks = fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 });

describe("merged shards", () => {
  test("equal the run without shards, however many they are and in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 9 }),
        ranks,
        async (count, of, rank) => {
          const order = (at: number): number => rank[at] ?? 0;
          const shards = await split(whole, count, of, order);
          const [alone] = await split(whole, count, 1, order);
          const runs = shards.sort(
            (one, other) => order(one.directory.length) - order(other.directory.length),
          );
          const merged = await merge(runs);
          expect(merged).toMatchObject({ kind: "merged", personas: count, ended: count });
          expect(await filesOf(merged.out)).toEqual(await normalForm(alone));
        },
      ),
      { numRuns: 5 },
    );
  });

  test("equal it though each was killed at some call and resumed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(12), { minLength: 2, maxLength: 2 }), async (stops) => {
        const runs: RunFolder[] = [];
        for (const [part, stopAfter] of stops.entries()) {
          const shard = `${part}/2`;
          const run = await create(PERSONAS.length, shard);
          await drive(run, PERSONAS.length, { shard, stopAfter });
          await drive(await openRunFolder(run.directory), PERSONAS.length, { shard });
          runs.push(await openRunFolder(run.directory));
        }
        expect(await filesOf((await merge(runs)).out)).toEqual(await normalForm(whole));
      }),
      { numRuns: 2 },
    );
  });

  test("that are merged by and by equal those that are merged at once", async () => {
    const shards = await split(whole, 14, 5, (index) => -index);
    const some = await merge([...shards.slice(3), shards[0]], { allowMissing: true });
    expect(some.gaps.shards).toBe("1-2/5");
    const rest = await merge(shards.slice(1, 3), { allowMissing: true });
    const { out } = await mergeRuns({ out: newFolder(), runs: [rest.out, some.out] });
    expect(await filesOf(out)).toEqual(await normalForm(whole));
  });
});

describe("a merge", () => {
  test("that is there already is left as it is, and anything else there is refused", async () => {
    const runs = await split(whole, 14, 2, (index) => index);
    const { out } = await merge(runs);
    const again = () => mergeRuns({ out, runs: runs.map(({ directory: run }) => run).reverse() });
    const before = (await stat(join(out, "calls.jsonl"))).mtimeMs;
    expect((await again()).kind).toBe("unchanged");
    expect((await stat(join(out, "calls.jsonl"))).mtimeMs).toBe(before);
    await appendFile(join(out, "syntheses.jsonl"), "{}\n");
    await expect(again()).rejects.toThrow("is not this merge: its syntheses.jsonl is another");
    await expect(mergeRuns({ out: directory, runs: [whole.directory] })).rejects.toThrow("is not a run");
  });

  test("of what is not whole says what is missing, and writes nothing without leave", async () => {
    const runs = await split(whole, 14, 4, (index) => index);
    const [first] = runs;
    await truncate(first?.paths.syntheses ?? "", 0);
    const out = newFolder();
    const options = { out, runs: runs.slice(0, 3).map(({ directory: run }) => run) };
    const result = await mergeRuns(options);
    expect(result).toMatchObject({
      kind: "incomplete",
      gaps: { shards: "3/4", unended: [{ directory: first?.directory, personas: 4, pending: 4 }] },
    });
    await expect(stat(out)).rejects.toThrow("ENOENT");
    expect(await mergeRuns({ ...options, allowMissing: true })).toMatchObject({ kind: "merged", ended: 7 });
    const resumed = await drive(await openRunFolder(out), 14, { shard: "0-2/4" });
    expect(resumed).toMatchObject({ personas: 11, pending: 0 });
    expect((await linesOf(join(out, "calls.jsonl"))).length).toBe(resumed.tally.calls);
  });

  test("keeps of a persona that failed and was tried again the record that counts", async () => {
    const [run] = await split(whole, 3, 1, (index) => index);
    const text = await readFile(run?.paths.syntheses ?? "", "utf8");
    const [line = ""] = text.split("\n");
    const { index, id, persona, calls, faults } = JSON.parse(line);
    const failed = `${JSON.stringify({ index, id, persona, outcome: "failed", calls, faults, reason: "x" })}\n`;
    await writeFile(run?.paths.syntheses ?? "", `${failed}${text}${failed}`);
    const [other] = await split(whole, 3, 1, (at) => -at);
    expect(await normalForm(run)).toEqual(await normalForm(other));
  });

  test.each<[string, (runs: readonly RunFolder[]) => Promise<readonly RunFolder[]>, string]>([
    [
      "a shard twice",
      async ([one]) => [one, (await split(whole, 14, 3, Number))[0]].flatMap((r) => r ?? []),
      "both have shard 0/3",
    ],
    ["a run twice", async ([one]) => [one, one].flatMap((r) => r ?? []), "was given twice"],
    [
      "other divisions",
      async ([one]) => [one, (await split(whole, 14, 2, Number))[1]].flatMap((r) => r ?? []),
      "they overlap",
    ],
    ["a whole run among shards", async ([one]) => [whole, one].flatMap((r) => r ?? []), "is a whole run and"],
    [
      "whole runs",
      async () => [whole, (await split(whole, 14, 1, Number))[0]].flatMap((r) => r ?? []),
      "both whole runs",
    ],
    [
      "other settings",
      async (runs) => [...(await split(whole, 13, 3, Number)).slice(0, 1), ...runs.slice(1)],
      "personas.limit is ",
    ],
    [
      "a damaged line",
      async (runs) => {
        const path = runs[1]?.paths.calls ?? "";
        await writeFile(path, `{"index":1\n${await readFile(path, "utf8")}`);
        return runs;
      },
      "is damaged: line 1 is not valid JSON",
    ],
    [
      "calls of another persona",
      async (runs) => {
        await appendFile(runs[1]?.paths.calls ?? "", await readFile(runs[0]?.paths.calls ?? "", "utf8"));
        return runs;
      },
      "is not of the persona that personas.jsonl has there",
    ],
    [
      "a gap",
      async (runs) => {
        const path = runs[1]?.paths.personas ?? "";
        await writeFile(path, `${(await readFile(path, "utf8")).split("\n")[0]}\n`);
        for (const file of ["calls", "syntheses"] as const) await truncate(runs[1]?.paths[file] ?? "", 0);
        return runs;
      },
      "does not have the persona of place 4, which is its own",
    ],
    [
      "the same persona twice",
      async (runs) => {
        const { paths } = runs[0] ?? whole;
        const copied = (await readFile(runs[1]?.paths.personas ?? "", "utf8")).split("\n")[0] ?? "";
        const own = (await readFile(paths.personas, "utf8")).split("\n").slice(1).join("\n");
        await writeFile(paths.personas, `${copied.replace('"index":1,', "")}\n${own}`);
        for (const file of ["calls", "syntheses"] as const) await truncate(paths[file], 0);
        return runs;
      },
      "is at place 0 of ",
    ],
  ])("is refused for %s", async (_what, change, words) => {
    const runs = await change(await split(whole, 14, 3, (index) => index));
    const out = newFolder();
    await expect(
      mergeRuns({ out, runs: runs.map(({ directory: run }) => run), allowMissing: true }),
    ).rejects.toThrow(words);
    await expect(stat(out)).rejects.toThrow("ENOENT");
  });

  test("is refused while a process works on a shard", async () => {
    const runs = await split(whole, 14, 2, (index) => index);
    const lock = await lockFolder(runs[1]?.directory ?? "");
    await expect(merge(runs)).rejects.toThrow("is in use by process");
    await lock.release();
    expect((await merge(runs)).kind).toBe("merged");
  });

  test("is refused for shards of different lists, also when nothing else tells", async () => {
    const runs: RunFolder[] = [];
    for (const [part, count] of [
      [0, 14],
      [1, 13],
    ] as const) {
      const run = await create(14, `${part}/2`);
      await drive(run, count, { shard: `${part}/2` });
      runs.push(run);
    }
    await expect(merge(runs)).rejects.toThrow("are shards of different lists: of 14 and of 13 personas");
  });
});
