import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { offlineModel } from "../../author/offline-model.ts";
import { type ChatServer, startChatServer } from "../../model/testing/chat-server.ts";
import { createApp } from "../../view/app.tsx";
import { Library } from "../../view/library.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

let host: TestHost;
let north: ChatServer;
let south: ChatServer;

/** A server behind which an author of its own writes. */
function author(seed: string): Promise<ChatServer> {
  const model = offlineModel({ seed });
  return startChatServer(async ({ messages }) => (await model.chat({ messages })).text);
}

beforeEach(async () => {
  host = await createTestHost();
  [north, south] = await Promise.all([author("1"), author("2")]);
});

afterEach(async () => {
  await Promise.all([host.remove(), north.close(), south.close()]);
});

async function lines(...path: string[]): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(host.directory, ...path), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function generate(...flags: string[]) {
  return host.run(["generate", "--limit", "8", "--out", "run", ...flags]);
}

function both(northern: string, southern: string): readonly string[] {
  return [
    "--writer",
    `north base-url=${north.url} ${northern}`,
    "--writer",
    `south base-url=${south.url} ${southern}`,
  ];
}

describe("several writers", () => {
  test("share the personas, each with its own server and price, and are compared", async () => {
    const { code, stdout, stderr } = await generate(
      ...both("share=0.75 price=1,1", "share=0.25 price=10,10"),
      "--json",
    );
    expect(code).toBe(0);
    const { writers, personas, cost } = JSON.parse(stdout);
    const ended = ({ outcomes }: { outcomes: Record<string, number> }): number =>
      Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    expect(ended(writers.north) + ended(writers.south)).toBe(personas);
    expect(ended(writers.north)).toBeGreaterThan(ended(writers.south));
    const calls = await lines("run", "calls.jsonl");
    const sum = (model: string): number =>
      calls.filter((call) => call.model === model).reduce((all, call) => all + Number(call.cost), 0);
    expect(sum("north") + sum("south")).toBeCloseTo(cost);
    expect(writers.south.script.cost + writers.south.trajectory.cost).toBeCloseTo(sum("south"));
    expect(north.requests.every(({ model }) => model === "north")).toBe(true);
    expect(calls.filter((call) => call.model === "south")).toHaveLength(south.counts.requests);
    expect(stderr).toMatch(/^Writers +ended +accepted \(95 %\) +output each +cost each\n {2}north +\d+ +\d/m);
    const table = stderr.slice(0, stderr.indexOf("\nRun: "));
    expect(
      table
        .split("\n")
        .slice(1)
        .every((line) => line.length <= 80),
    ).toBe(true);

    // The page has the numbers that were printed, and leads to what each wrote.
    const folder = { paths: ["run"], directory: host.directory, indexes: join(host.directory, ".index") };
    const app = createApp(new Library(folder));
    const page = async (path: string): Promise<string> => {
      const text = await (await app.request(path)).text();
      return text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
    };
    const [, printed = ""] = /\n( {2}south +\d.*)\n/.exec(stderr) ?? [];
    expect(printed).not.toBe("");
    expect(await page("/run/run")).toContain(printed.replace(/\s+/g, " "));
    const list = await page("/run/run/list?writer=south");
    expect(list).toContain(`of ${ended(writers.south)} personas`);
    const [id] = (await lines("run", "syntheses.jsonl"))
      .filter((record) => record.writers === "south")
      .map((record) => record.id);
    expect(list).toContain(String(id).slice(0, 8));
    expect(await page(`/run/run/${id}`)).toMatch(/written by south.* call 1, script by south /);
  });

  test("scripts of one and trajectories of another", async () => {
    const { code, stderr } = await generate(...both("for=script", "for=trajectory"));
    expect(code).toBe(0);
    const calls = await lines("run", "calls.jsonl");
    const models = new Set(calls.map(({ purpose, model, writers }) => `${purpose} ${model} ${writers}`));
    expect([...models].sort()).toEqual(["script north north + south", "trajectory south north + south"]);
    expect(stderr).toMatch(/^ {2}north \+ south +8 /m);
  });

  test("are resumed with the same draw, and refused when they are others", async () => {
    const flags = both("price=10,10", "price=10,10");
    const part = await generate(...flags, "--max-cost", "1", "--max-tokens", "4000");
    expect(part.code).toBe(3);
    const before = await lines("run", "calls.jsonl");
    expect((await host.run(["resume", "run", "--max-cost", "1000"])).code).toBe(0);
    const calls = await lines("run", "calls.jsonl");
    expect(calls.slice(0, before.length)).toEqual(before);
    const byPersona = new Map(calls.map(({ persona, model }) => [persona, model]));
    expect(calls.every(({ persona, model }) => byPersona.get(persona) === model)).toBe(true);
    const other = await host.run(["generate", "--model", "north,west", "--out", "run"]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("writers.west was not set");
  });
});
