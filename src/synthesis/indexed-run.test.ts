import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRunFolder, type RunFolder } from "../runs/run-folder.ts";
import { IndexedRun } from "./indexed-run.ts";
import { plainPersona } from "./record.ts";
import { searchRun } from "./search-run.ts";

let directory: string;
let run: RunFolder;
let file: string;

const USAGE = { promptTokens: 100, completionTokens: 10, cachedTokens: 40, estimated: false };
const WORLD = { cellar: { lamp: { state: "broken" }, "relative location": ["none"] } };

function call(index: number, number: number): string {
  const identity = { index, persona: `id${index}`, call: number, purpose: "script", request: "00" };
  return `${JSON.stringify({ ...identity, cost: 0.5, text: "{}", finish: "stop", usage: USAGE })}\n`;
}

function turn(number: number, error = false): object {
  const flags = { parameter_error: error, place_error: false, logic_error: false };
  if (number % 2 === 1) return { turn: number, role: "Player", Thought: "I go", Action: "go" };
  return {
    turn: number,
    role: "DM",
    Thought: "So",
    Observation: "Dark",
    ...flags,
    progress_rate: 0,
    finished: false,
  };
}

function synthesis(index: number, outcome = "accepted"): string {
  const script = {
    Goal: `Mend lamp ${index}`,
    Environment: { "places and objects": WORLD },
    "Available Actions": { go: {}, look: {} },
  };
  const trajectory = [turn(0), turn(1), turn(2, true), turn(3), turn(4), turn(5), turn(6)];
  const record = {
    index,
    id: `id${index}`,
    persona: "A smith",
    outcome,
    calls: 2,
    faults: [{ code: "unfinished", turn: 3 }],
    writers: `south ${index}`,
  };
  return `${JSON.stringify({ ...record, script, trajectory })}\n`;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "agentrefine-index-"));
  const description = { createdAt: "2026-01-01", agentrefine: "test", settings: {}, prices: null };
  run = await createRunFolder(join(directory, "run"), description);
  file = join(directory, "index.jsonl");
  const personas = [0, 1, 2].map((index) => JSON.stringify({ id: `id${index}`, persona: "A smith" }));
  await writeFile(run.paths.personas, `${personas.join("\n")}\n`);
  await writeFile(run.paths.calls, call(1, 1) + call(0, 1) + call(0, 2));
  await writeFile(run.paths.syntheses, synthesis(0));
});
afterEach(() => rm(directory, { recursive: true }));

describe("an indexed run", () => {
  test("tells of each persona what lists need, and where its records stand", async () => {
    const { entries, personas, underWay } = await IndexedRun.open(run.paths, { file });
    expect({ personas, underWay }).toEqual({ personas: 3, underWay: 1 });
    expect(entries).toMatchObject([
      {
        id: "id0",
        goal: "Mend lamp 0",
        faults: ["unfinished"],
        turns: 7,
        errors: 1,
        marks: "er.",
        actions: 2,
        objects: 2,
        bought: { promptTokens: 200, completionTokens: 20, cachedTokens: 80, cost: 1 },
      },
    ]);
    const [first] = entries;
    const text = await readFile(run.paths.calls, "utf8");
    const own = first!.bought.places.map(({ start, length }) => text.slice(start, start + length));
    expect(own.map((line) => JSON.parse(line).call)).toEqual([1, 2]);
  });

  test("grows with its run, and takes the later record of one that was tried again", async () => {
    const index = await IndexedRun.open(run.paths, { file });
    await appendFile(run.paths.syntheses, synthesis(1, "failed"));
    expect(await index.refresh()).toBe(true);
    expect(index.entries.map(({ outcome }) => outcome)).toEqual(["accepted", "failed"]);
    await appendFile(run.paths.syntheses, synthesis(1) + synthesis(0, "failed") + synthesis(2).slice(0, 30));
    await index.refresh();
    expect(index.entries.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
    await appendFile(run.paths.syntheses, synthesis(2).slice(30));
    await index.refresh();
    expect(index.entries).toHaveLength(3);
    expect(await index.refresh()).toBe(false);
  });

  test("tells of lines that cannot be read and shows the others", async () => {
    await appendFile(run.paths.syntheses, `{"torn": \n{"index": 1}\n${synthesis(2)}`);
    const { entries, damage } = await IndexedRun.open(run.paths, { file });
    expect(entries.map(({ id }) => id)).toEqual(["id0", "id2"]);
    expect(damage).toEqual([
      "syntheses.jsonl: line 2 is not valid JSON",
      "syntheses.jsonl: line 3 is not a synthesis",
    ]);
  });

  test("is kept for a large run, continued, and made anew for another run in its place", async () => {
    const damaged = join(directory, "damaged");
    const pad = `${JSON.stringify({ filler: "x".repeat(9_000_000) })}\n`;
    await appendFile(run.paths.calls, pad);
    const first = await IndexedRun.open(run.paths, { file });
    const { mtimeMs } = await stat(file);
    const again = await IndexedRun.open(run.paths, { file });
    expect(again.entries.map(plainPersona)).toEqual(first.entries.map(plainPersona));
    expect(again.tally).toEqual(first.tally);
    expect(again.entries[0]?.writers).toBe("south 0");
    expect(again.underWay).toBe(1);
    await appendFile(run.paths.syntheses, synthesis(2));
    expect((await IndexedRun.open(run.paths, { file })).entries).toHaveLength(2);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    await writeFile(run.paths.syntheses, synthesis(1) + synthesis(2) + synthesis(0));
    expect((await IndexedRun.open(run.paths, { file })).entries.map(({ id }) => id)).toEqual([
      "id0",
      "id1",
      "id2",
    ]);
    // Whatever byte of it is damaged, and wherever it ends.
    const kept = await readFile(file);
    const whole = await IndexedRun.open(run.paths, { file });
    const expected = JSON.stringify([whole.tally, whole.entries.map(plainPersona)]);
    for (let at = 0; at < kept.length; at += Math.ceil(kept.length / 6)) {
      const flipped = Buffer.from(kept);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      for (const bytes of [flipped, kept.subarray(0, at)]) {
        await writeFile(damaged, bytes);
        const { tally, entries } = await IndexedRun.open(run.paths, { file: damaged });
        expect(JSON.stringify([tally, entries.map(plainPersona)])).toBe(expected);
      }
    }
    await writeFile(file, "nonsense\n");
    expect((await IndexedRun.open(run.paths, { file })).entries).toHaveLength(3);
  });
});

describe("a search in a run", () => {
  const search = async (text: string): Promise<readonly string[]> => {
    const { entries } = await IndexedRun.open(run.paths, { file });
    return [...(await searchRun(run.paths, entries, text))];
  };

  test("finds words of personas, scripts and turns in any case, all of them", async () => {
    await appendFile(run.paths.syntheses, synthesis(2));
    expect(await search("LAMP smith")).toEqual(["id0", "id2"]);
    expect(await search("lamp carpenter")).toEqual([]);
  });

  test("does not take the names of fields for what a model wrote", async () => {
    expect(await search("observation")).toEqual([]);
    expect(await search("dark")).toEqual(["id0"]);
    expect(await search('"')).toEqual([]);
  });
});
