import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

/** A finished run that the tests only read. */
let shared: TestHost;
let run: string;
let host: TestHost;

beforeAll(async () => {
  shared = await createTestHost();
  await shared.run(["generate", "--model", "offline", "--limit", "12", "--max-calls", "2", "--out", "run"]);
  run = join(shared.directory, "run");
});

afterAll(() => shared.remove());

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(() => host.remove());

function read(name: string): Promise<string> {
  return readFile(join(host.directory, name), "utf8");
}

async function records(): Promise<readonly { readonly id: string; readonly outcome: string }[]> {
  const text = await readFile(join(run, "syntheses.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function accepted(): Promise<readonly string[]> {
  return (await records()).filter(({ outcome }) => outcome === "accepted").map(({ id }) => id);
}

describe("export", () => {
  test("writes the accepted trajectories as JSON lines", async () => {
    const { code, stderr, stdout } = await host.run(["export", run, "--out", "rows.jsonl", "--json"]);
    const rows = (await read("rows.jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(rows.map(({ id }) => id)).toEqual(await accepted());
    expect(rows[0].conversations[0]).toMatchObject({ from: "human", loss: null });
    expect(stderr).toContain(`Exported ${rows.length} rows (conversations) to rows.jsonl.`);
    expect(JSON.parse(stdout)).toEqual({
      run,
      format: "conversations",
      out: join(host.directory, "rows.jsonl"),
      rows: rows.length,
      replaced: false,
      leftOut: { "no-supervised-turn": 0 },
      readme: join(host.directory, "rows.jsonl.README.md"),
    });
    expect(await read("rows.jsonl.README.md")).toContain("**ms-swift**: --loss_scale default");
  });

  test("writes Parquet", async () => {
    await host.run(["export", run, "--format", "conversations", "--out", "rows.parquet"]);
    const file = await asyncBufferFromFile(join(host.directory, "rows.parquet"));
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ id }) => id)).toEqual(await accepted());
  });

  test("what it writes as trajectories is accepted by verify", async () => {
    await host.run(["export", run, "--format", "trajectories", "--out", "t.jsonl"]);
    const { code, stdout } = await host.run(["verify", "t.jsonl", "--json"]);
    expect(code).toBe(0);
    const verdicts = stdout.trim().split("\n");
    expect(verdicts).toHaveLength((await accepted()).length);
    expect(verdicts.every((line) => JSON.parse(line).accepted)).toBe(true);
  });

  test("a run without errors has none, goes on without them and is verified as such", async () => {
    const flags = ["--model", "offline", "--limit", "6", "--out", "clean"];
    await host.run(["generate", ...flags, "--no-errors"]);
    const other = await host.run(["generate", ...flags, "--errors"]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("errors was false, now true");
    await host.run(["export", "clean", "--format", "trajectories", "--out", "t.jsonl"]);
    const without = await host.run(["verify", "t.jsonl", "--json", "--no-errors"]);
    const verdicts = without.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(without.code).toBe(0);
    expect(verdicts.length).toBeGreaterThan(3);
    expect(verdicts.every(({ accepted, errors }) => accepted && errors === 0)).toBe(true);
    const refined = await host.run(["verify", "t.jsonl", "--json"]);
    expect(refined.code).toBe(3);
    expect(JSON.parse(refined.stdout.split("\n")[0]!).fault.code).toBe("too-few-errors");
  });

  test("takes the format from the config file", async () => {
    await writeFile(join(host.directory, "agentrefine.config.json"), '{"export":{"format":"trajectories"}}');
    await host.run(["export", run, "--out", "t.jsonl"]);
    expect(JSON.parse((await read("t.jsonl")).split("\n")[0]!)).toHaveProperty("trajectory");
  });

  test("replaces a file only with --force", async () => {
    await writeFile(join(host.directory, "rows.jsonl"), "mine");
    const refused = await host.run(["export", run, "--out", "rows.jsonl"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("rows.jsonl exists");
    expect(await read("rows.jsonl")).toBe("mine");
    const forced = await host.run(["export", run, "--out", "rows.jsonl", "--force"]);
    expect(forced.code).toBe(0);
    expect(forced.stderr).toContain("replacing it");
    expect(await read("rows.jsonl")).not.toBe("mine");
  });

  test.each([
    ["conversations", "rows.txt", "as .jsonl or .parquet only"],
    ["trajectories", "rows.parquet", "as .jsonl only"],
  ])("refuses %s to %s", async (format, out, words) => {
    const { code, stderr } = await host.run(["export", run, "--format", format, "--out", out]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("a run without an accepted trajectory leaves no file", async () => {
    const none = ["--offline-faults", "1000", "--max-calls", "2", "--limit", "2", "--out", "none"];
    await host.run(["generate", "--model", "offline", ...none]);
    const { code, stderr } = await host.run(["export", "none", "--out", "rows.jsonl"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "Error: none has no accepted trajectory to export. Look at what was rejected with `agentrefine show`.\n",
    );
    expect(await readdir(host.directory)).toEqual(["none"]);
  });
});

describe("verify", () => {
  test("gives each line its verdict, and 3 when one is rejected", async () => {
    await host.run(["export", run, "--format", "trajectories", "--out", "t.jsonl"]);
    const [good] = (await read("t.jsonl")).split("\n");
    const { script, trajectory } = JSON.parse(good!);
    const cut = JSON.stringify({ script, trajectory: trajectory.slice(0, 1) });
    const lines = [good, "not json", "", cut, '{"script":1}', "[]"].join("\n");
    await writeFile(join(host.directory, "mixed.gz"), gzipSync(lines));
    const json = await host.run(["verify", "mixed.gz", "--json"]);
    expect(json.code).toBe(3);
    const verdicts = json.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(verdicts.map((verdict) => Object.keys(verdict))).toEqual(
      verdicts.map(() => ["accepted", "fault", "verified", "errors"]),
    );
    expect(verdicts[0]).toMatchObject({ accepted: true, fault: null, verified: trajectory.length });
    expect(verdicts[1]).toEqual({
      accepted: false,
      fault: { code: "malformed-json", turn: null },
      verified: 0,
      errors: 0,
    });
    expect(verdicts[2].fault).toEqual({ code: "unfinished", turn: 0 });
    expect(verdicts.slice(3).map(({ accepted }) => accepted)).toEqual([false, false]);
    expect(json.stderr).toContain("mixed.gz: 5 lines, 1 accepted (20.0 %), 4 rejected");

    const words = await host.run(["verify", "-"], { stdin: lines });
    expect(words.stdout.split("\n").slice(0, 3)).toEqual([
      expect.stringMatching(/^line 1 \([0-9a-f]{16}\): accepted \(\d+ turns, \d+ error turns\)$/),
      "line 2: rejected, malformed-json: The line is not valid JSON.",
      expect.stringMatching(/^line 4: rejected, unfinished at turn 0 \(0 turns kept\): .+/),
    ]);
    expect(words.code).toBe(3);
  });

  test("control characters of a model do not reach the terminal", async () => {
    const script = { "Available Actions": { go: { "verification code": "go", parameters: {} } } };
    const trajectory = '[{"turn": "\u001b[31m"}]';
    const { stdout } = await host.run(["verify", "-"], { stdin: JSON.stringify({ script, trajectory }) });
    expect(stdout).not.toContain("\u001b");
  });
});

describe("verify", () => {
  test("takes a run, and names trajectories by their ids", async () => {
    const { code, stdout, stderr } = await host.run(["verify", run]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f]{16}: accepted \(\d+ turns, \d+ error turns\)$/m);
    expect(stderr).toMatch(/: \d+ trajectories, \d+ accepted \(100\.0 %\), 0 rejected\n$/);
  });

  test("says once that a file holds something else", async () => {
    await host.run(["export", run, "--format", "conversations", "--out", "chat.jsonl", "--force"]);
    const { code, stdout, stderr } = await host.run(["verify", "chat.jsonl"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain('chat.jsonl holds chat rows ("conversations"), not trajectories');
  });
});

describe("show", () => {
  test("lists the ended personas", async () => {
    const { stdout, stderr } = await host.run(["show", run, "--limit", "3"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^id +outcome +calls +turns +errors +last fault +persona$/);
    expect(lines[1]).toMatch(/^[0-9a-f]{6} /);
    expect(stderr).toBe("and 9 more: --page 2, or a larger --limit\n");
    const next = await host.run(["show", run, "--limit", "3", "--page", "4"]);
    expect(next.stdout.trimEnd().split("\n")).toHaveLength(4);
    expect(next.stderr).toBe("");
    const narrow = await host.run(["show", run], {
      isTTY: true,
      columns: 60,
      env: { NO_COLOR: "1" },
    });
    expect(Math.max(...narrow.stdout.split("\n").map((line) => Array.from(line).length))).toBeLessThanOrEqual(
      60,
    );
  });

  test("lists one outcome, as JSON too", async () => {
    const { stdout } = await host.run(["show", run, "--outcome", "accepted", "--json"]);
    expect(JSON.parse(stdout).map(({ id }: { id: string }) => id)).toEqual(await accepted());
    const [rejected] = JSON.parse((await host.run(["show", run, "--outcome", "rejected", "--json"])).stdout);
    expect(rejected).toMatchObject({ fault: expect.any(String), reason: null });
    expect(rejected?.goal).not.toBe(rejected?.fault);
    const none = await host.run(["show", run, "--outcome", "failed"]);
    expect(none).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("No persona to show"),
    });
  });

  test("shows a trajectory by the beginning of its id, with colours on a terminal only", async () => {
    const [id] = await accepted();
    const plain = await host.run(["show", run, id!.slice(0, 10)]);
    expect(plain.stdout).toContain(`${id}: accepted after`);
    expect(plain.stdout).toContain("Turn 1, player");
    expect(plain.stdout).not.toContain("\u001b");
    const coloured = await host.run(["show", run, id!], { isTTY: true, columns: 70 });
    expect(coloured.stdout).toContain("\u001b[");
    const json = await host.run(["show", run, id!, "--json"]);
    expect(JSON.parse(json.stdout)).toEqual((await records()).find((record) => record.id === id));
  });

  test("a rejected one is shown with its fault", async () => {
    const rejected = (await records()).find(({ outcome }) => outcome === "rejected");
    const { stdout } = await host.run(["show", run, rejected!.id]);
    expect(stdout).toContain("rejected after 2 calls");
    expect(stdout.length).toBeGreaterThan(100);
  });

  test("shows the actions with their patterns, every call with its fault, and a prompt with its reply", async () => {
    const rejected = (await records()).find(({ outcome }) => outcome === "rejected");
    const { stdout } = await host.run(["show", run, rejected!.id.slice(0, 8)]);
    expect(stdout).toMatch(/^Calls$/m);
    expect(stdout).toMatch(/^Call 1, script: [\d,]+ tokens/m);
    const script = (await records()).find(({ outcome }) => outcome === "accepted")!;
    const shown = await host.run(["show", run, script.id]);
    expect(shown.stdout).toMatch(/^Available actions$/m);
    expect(shown.stdout).toMatch(/^ {6}pattern \S/m);
    const call = await host.run(["show", run, script.id, "--call", "2"]);
    expect(call.stdout).toMatch(/^Prompt, user$/m);
    expect(call.stdout).toMatch(/^Reply \((stop|aborted)\)$/m);
    expect(await host.run(["show", run, script.id, "--call", "9"])).toMatchObject({ code: 2 });
    const [first] = (await readFile(join(run, "calls.jsonl"), "utf8")).split("\n");
    const { persona, text } = JSON.parse(first ?? "");
    const asJson = JSON.parse((await host.run(["show", run, persona, "--call", "1", "--json"])).stdout);
    expect(asJson.reply.text).toBe(text);
    expect(asJson.messages.map(({ role }: { role: string }) => role)).toEqual(["system", "user"]);
  });

  test("lists those that met a fault", async () => {
    const codes = (await records()).flatMap((record) => Reflect.get(record, "faults"));
    const { code, turn } = codes[0]!;
    const name = turn === undefined ? `script/${code}` : code;
    const { stdout } = await host.run(["show", run, "--fault", name, "--json"]);
    expect(JSON.parse(stdout).length).toBeGreaterThan(0);
    expect(JSON.parse((await host.run(["show", run, "--fault", "none", "--json"])).stdout)).toEqual([]);
  });

  test("lists the episodes of an evaluation, and one as a dialogue", async () => {
    await host.run(["evaluate", "--agent", "random", "--suite", "babyai", "--limit", "2", "--out", "eval"]);
    const list = await host.run(["show", "eval"]);
    expect(list.stdout.split("\n")[0]).toMatch(
      /^no\. +ending +score +turns +malformed +repeated +suite +task$/,
    );
    expect(list.stdout).toMatch(/^ *1 {2}\S+ +progress \d+\.\d % /m);
    const one = await host.run(["show", "eval", "1"]);
    expect(one.stdout).toMatch(/^Turn 1: progress \d+\.\d %/m);
    expect(one.stdout).toMatch(/^ {2}Action: /m);
    expect(one.stdout).toMatch(/^ {2}Observation: /m);
    expect(await host.run(["show", "eval", "99"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no task with a finished episode"),
    });
    const [{ task }] = JSON.parse((await host.run(["show", "eval", "--json"])).stdout);
    expect((await host.run(["show", "eval", task])).stdout).toContain(`babyai, ${task}:`);
    const typo = await host.run(["show", "eval", task.replace("BabyAI", "BabayI")]);
    expect(typo.stderr).toContain(`did you mean ${task}?`);
    const later = await host.run(["show", "eval", task, "--attempt", "2"]);
    expect(later.stderr).toContain("has no finished attempt 2");
    for (const command of [
      ["export", "eval", "--out", "x.jsonl", "--format", "messages"],
      ["verify", "eval"],
    ]) {
      expect(await host.run(command)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("is an evaluation, not a run of generate"),
      });
    }
  });

  test("an id must fit exactly one", async () => {
    expect(await host.run(["show", run, "zzz"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('begins with "zzz"'),
    });
    const firsts = (await records()).map(({ id }) => id[0]!);
    const shared = firsts.find((letter, place) => firsts.indexOf(letter) < place);
    expect(await host.run(["show", run, shared!])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("several ids begin with"),
    });
  });
});

describe("init", () => {
  test("writes what runs without a key, and overwrites nothing", async () => {
    const { code, stderr, stdout } = await host.run(["init", "mine", "--json"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Next: cd mine && agentrefine generate");
    expect(JSON.parse(stdout).written).toHaveLength(5);
    expect((await read("mine/personas.jsonl")).trim().split("\n")).toHaveLength(12);
    await writeFile(join(host.directory, "mine", "personas.jsonl"), '{"persona":"Mine."}\n');
    const again = await host.run(["init", "mine", "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      written: [],
      kept: Array.from({ length: 5 }, () => expect.any(String)),
    });
    expect(await read("mine/personas.jsonl")).toBe('{"persona":"Mine."}\n');
  });

  test("the config that it writes is used by generate, and flags go over it", async () => {
    await host.run(["init"]);
    const { code, stdout } = await host.run(["generate", "--limit", "2", "--seed", "9", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: join(host.directory, "runs/first"), personas: 2 });
    const { settings } = JSON.parse(await read("runs/first/run.json"));
    expect(settings).toMatchObject({ seed: 9, maxCalls: 4, personas: { limit: 2 } });
  });

  test("asks at a terminal, until an answer can be used, and writes what was answered", async () => {
    const answers = ["5", "2", "gpt-4o-mini", "", "five", "5", "mine.txt"];
    const { code, stderr } = await host.run(["init", "asked"], {
      isTTY: true,
      isInteractive: true,
      stdin: `${answers.join("\n")}\n`,
      env: { NO_COLOR: "1" },
    });
    expect(code).toBe(0);
    expect(stderr).toContain("Give a number from 1 to 4.");
    expect(stderr).toContain("Give dollars, such as 5, or none.");
    expect(stderr).toContain("There is no mine.txt yet.");
    expect(stderr).toContain("The key is looked for in OPENAI_API_KEY");
    expect(stderr).toContain("Next: cd asked && agentrefine generate --dry-run");
    expect(JSON.parse(await read("asked/agentrefine.config.json"))).toEqual({
      $schema: "./agentrefine.schema.json",
      generate: { personas: "mine.txt", out: "runs/first", model: "gpt-4o-mini", maxCost: 5 },
    });
    expect(await read("asked/.env.example")).toContain("OPENAI_API_KEY=\n");
    expect(JSON.parse(await read("asked/agentrefine.schema.json"))).toMatchObject({
      properties: { generate: { properties: { maxCost: { description: expect.any(String) } } } },
    });
  });

  test("asks for a server of one's own, and for no budget", async () => {
    const stdin = "4\n\nqwen\nVLLM_KEY\n\n";
    await host.run(["init", "own"], { isTTY: true, isInteractive: true, stdin });
    const { generate } = JSON.parse(await read("own/agentrefine.config.json"));
    expect(generate).toMatchObject({
      model: "qwen",
      baseUrl: "http://localhost:8000/v1",
      apiKeyEnv: "VLLM_KEY",
      personas: "personas.jsonl",
    });
  });

  test("an end of the input in the middle of the questions writes nothing", async () => {
    const stdin = "2\n";
    const { code } = await host.run(["init", "given-up"], { isTTY: true, isInteractive: true, stdin });
    expect(code).toBe(130);
    await expect(readdir(join(host.directory, "given-up"))).rejects.toThrow("ENOENT");
  });

  test("asks nothing with --yes, and leaves a config file of another kind in force", async () => {
    await host.run(["init", "--yes"], { isTTY: true, isInteractive: true });
    expect(JSON.parse(await read("agentrefine.config.json")).generate.model).toBe("offline");
    await mkdir(join(host.directory, "old"));
    await writeFile(join(host.directory, "old", "agentrefine.config.ts"), "export default {};");
    const { stdout } = await host.run(["init", "old", "--json"]);
    expect(JSON.parse(stdout).kept).toEqual([join(host.directory, "old", "agentrefine.config.ts")]);
    expect(JSON.parse(stdout).written.join()).not.toContain("config.json");
  });

  test("a file in the way of the folder is told", async () => {
    await writeFile(join(host.directory, "mine"), "");
    expect(await host.run(["init", "mine"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("mine is not a folder"),
    });
  });
});
