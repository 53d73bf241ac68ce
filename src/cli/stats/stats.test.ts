import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyTokenizer, writeTokenizer } from "../../tokens/testing/tiny-tokenizer.ts";
import { createTestHost, type TestHost } from "../testing/test-host.ts";

interface WireTurn {
  readonly role: string;
  readonly [flag: string]: unknown;
}

interface StoredRecord {
  readonly outcome: string;
  readonly calls: number;
  readonly faults: readonly unknown[];
  readonly script: Readonly<Record<string, object>>;
  readonly trajectory: readonly WireTurn[];
}

let host: TestHost;
let records: readonly StoredRecord[] = [];
let accepted: readonly StoredRecord[] = [];

const lines = async (name: string) =>
  (await readFile(join(host.directory, name), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  host = await createTestHost();
  const faults = ["--offline-faults", "3"];
  await host.run(["generate", "--model", "offline", "--limit", "16", ...faults, "--out", "run"]);
  // The offline author costs nothing.
  const calls = (await lines("run/calls.jsonl")).map((call, place) => ({
    ...call,
    cost: 0.01 * (place % 7),
  }));
  const text = calls.map((call) => `${JSON.stringify(call)}\n`).join("");
  await writeFile(join(host.directory, "run/calls.jsonl"), text);
  await host.run(["export", "run", "--format", "conversations", "--out", "rows.jsonl"]);
  await host.run(["export", "run", "--format", "trajectories", "--out", "trajectories.jsonl"]);
  await writeTokenizer(join(host.directory, "tiny"), tinyTokenizer());
  records = await lines("run/syntheses.jsonl");
  accepted = records.filter(({ outcome }) => outcome === "accepted");
}, 60_000);

afterAll(() => host.remove());

async function statistics(...words: readonly string[]) {
  const { code, stdout, stderr } = await host.run(["stats", ...words, "--json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout).data;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const ended = (outcome: string, calls: number): number =>
  records.filter((each) => each.outcome === outcome && each.calls === calls).length;

/** Which player turns are error turns, from the records as they are. */
const errorTurns = (turns: readonly WireTurn[]): readonly boolean[] =>
  turns.flatMap(({ role }, place) => {
    const next = turns[place + 1];
    if (role !== "Player" || next === undefined) return [];
    return [["parameter_error", "place_error", "logic_error"].some((flag) => next[flag] === true)];
  });

describe("stats", () => {
  test("tells of a run what its records say", async () => {
    const [run] = await statistics("run");
    expect(run.kind).toBe("run");
    expect(run.trajectories).toBe(accepted.length);
    expect(run.making.personas).toBe(16);
    expect(run.making.steps).toEqual(
      [1, 2, 3, 4].map((call) => ({
        call,
        reached: records.filter(({ calls }) => calls >= call).length,
        accepted: ended("accepted", call),
        rejected: ended("rejected", call),
        failed: 0,
      })),
    );
    expect(sum(Object.values(run.making.tally.faults))).toBe(sum(records.map(({ faults }) => faults.length)));
    const calls = await lines("run/calls.jsonl");
    const cost = sum(calls.map((call) => call.cost));
    expect(run.making.tally.cost).toBeCloseTo(cost, 9);
    expect(run.making.costEach).toBeCloseTo(cost / accepted.length, 9);
  });

  test("counts error turns, lengths, actions and objects as they stand in the records", async () => {
    const [run] = await statistics("run");
    const errors = accepted.map(({ trajectory }) => errorTurns(trajectory));
    expect(run.errorRuns.playerTurns).toBe(sum(errors.map((each) => each.length)));
    const inRuns: { turns: number }[] = Object.values(run.errorRuns.byLength);
    expect(sum(inRuns.map(({ turns }) => turns))).toBe(errors.flat().filter(Boolean).length);
    const flagged = (flag: string) =>
      sum(accepted.map(({ trajectory }) => trajectory.filter((turn) => turn[flag] === true).length));
    expect(run.errorKinds).toEqual({
      parameter: flagged("parameter_error"),
      place: flagged("place_error"),
      logic: flagged("logic_error"),
    });
    expect(run.summaries.turns.mean).toBeCloseTo(sum(errors.map((each) => each.length)) / accepted.length);
    const actions = accepted.map(({ script }) => Object.keys(script["Available Actions"] ?? {}).length);
    expect(run.summaries.actions).toMatchObject({
      least: Math.min(...actions),
      most: Math.max(...actions),
    });
    expect(sum(Object.values(run.goals.themes))).toBe(accepted.length);
  });

  test("says the same of the trajectories in a file, and of their turns in one of conversations", async () => {
    const [run, file, chat] = await statistics("run", "trajectories.jsonl", "rows.jsonl");
    const { name: _run, making: _making, kind: _kind, ...rest } = run;
    expect(file).toEqual({ ...rest, name: "trajectories.jsonl", kind: "trajectories" });
    expect(chat).toMatchObject({ kind: "conversations", errorRuns: run.errorRuns, turns: run.turns });
    expect(chat.actions).toBeUndefined();
  });

  test("counts tokens as an export with the same template does", async () => {
    const withTokens = ["--tokenizer", "tiny", "--template", "llama3"];
    const [{ tokens }] = await statistics("run", ...withTokens);
    const tokenized = ["--format", "tokenized-jsonl", ...withTokens, "--max-tokens", "100000"];
    await host.run(["export", "run", ...tokenized, "--out", "tokens.jsonl"]);
    const rows: { input_ids: number[]; labels: number[] }[] = await lines("tokens.jsonl");
    expect(tokens.sum).toBe(sum(rows.map(({ input_ids: ids }) => ids.length)));
    expect(tokens.trainedSum).toBe(sum(rows.map(({ labels }) => labels.filter((id) => id >= 0).length)));
    const [texts] = await statistics("run", "--tokenizer", "tiny");
    expect(texts.tokens.sum).toBeLessThan(tokens.sum);
  });

  test("fits the terminal, with the answer last", async () => {
    const { stdout } = await host.run(["stats", "run"]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const rejected = 16 - accepted.length;
    const share = ((100 * accepted.length) / 16).toFixed(1);
    expect(stdout).toContain(
      `\nrun       ${accepted.length} of 16 accepted (${share} %), ${rejected} rejected\n`,
    );
    expect(stdout).toMatch(/Cost +\$[\d.]+, \$[\d.]+ for each accepted\n$/);
  });

  test("leaves out rows that cannot be used, and says so", async () => {
    const text = await readFile(join(host.directory, "rows.jsonl"), "utf8");
    await writeFile(join(host.directory, "bad.jsonl"), `{"a":1}\n${text}not json\n`);
    const [bad] = await statistics("bad.jsonl");
    expect(bad).toMatchObject({ trajectories: accepted.length, unusable: 2 });
    const { stdout } = await host.run(["stats", "bad.jsonl"]);
    expect(stdout).toContain("2 rows that cannot be used: row 1 has neither conversations nor messages");
  });

  test.each([
    [["nowhere"], "cannot read nowhere"],
    [["."], "it is a folder without a run or Parquet files"],
    [["run", "./run"], "./run is given twice"],
    [["empty.jsonl"], "empty.jsonl has no rows"],
    [["run", "--template", "llama3"], "--template is for --tokenizer only"],
    [["run", "--tokenizer", "run"], "not a tokenizer folder"],
    [[], "DATA"],
  ])("refuses %j in one line", async (words, problem) => {
    await writeFile(join(host.directory, "empty.jsonl"), "\n");
    const { code, stderr } = await host.run(["stats", ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
