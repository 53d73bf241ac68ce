import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

let host: TestHost;

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(() => host.remove());

const OFFLINE = ["generate", "--model", "offline", "--limit", "6", "--out", "run"];

function read(...path: string[]): Promise<string> {
  return readFile(join(host.directory, ...path), "utf8");
}

describe("generate with the offline author", () => {
  test("the command that it advises works with every engine that it names", async () => {
    const { stderr } = await host.run(OFFLINE);
    const names = /^NAME is what you train with: (.*)\.$/m.exec(stderr)?.[1]?.split(", ") ?? [];
    const command = /^Next: agentrefine (.*)$/m.exec(stderr)?.[1] ?? "";
    expect(names).toContain("axolotl");
    for (const name of names) {
      const { code } = await host.run([...command.replace("NAME", name).split(" "), "--force", "--quiet"]);
      expect(`${name}: ${code}`).toBe(`${name}: 0`);
    }
  });

  test("uses the shipped personas, says so, and sums up", async () => {
    const { code, stdout, stderr } = await host.run(OFFLINE);
    expect(code).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("those that come with agentrefine");
    expect(stderr).toMatch(/^Result +\d of 6 accepted/m);
    expect(stderr).toContain("Look at it: agentrefine view run\nNext: agentrefine export run");
    expect((await readdir(join(host.directory, "run"))).sort()).toEqual([
      "calls.jsonl",
      "personas.jsonl",
      "run.json",
      "syntheses.jsonl",
    ]);
    const { settings, prices } = JSON.parse(await read("run", "run.json"));
    expect(settings).toEqual({
      personas: { source: "shipped", limit: 6 },
      seed: 1,
      maxCalls: 4,
      errors: true,
      wire: "paper",
      briefDungeonMaster: false,
      model: { name: "offline", maxTokens: 8192 },
      offlineFaults: 1,
    });
    expect(prices).toEqual({ prompt: 0, cachedPrompt: 0, completion: 0 });
  });

  test("gives one JSON object on stdout that agrees with the files", async () => {
    const { stdout } = await host.run([...OFFLINE, "--json", "--quiet"]);
    const report = JSON.parse(stdout);
    const lines = (await read("run", "syntheses.jsonl")).trim().split("\n");
    const records = lines.map((line) => JSON.parse(line));
    expect(report.accepted).toBe(records.filter(({ outcome }) => outcome === "accepted").length);
    expect(report).toMatchObject({
      run: join(host.directory, "run"),
      personas: 6,
      pending: 0,
      calls: (await read("run", "calls.jsonl")).trim().split("\n").length,
      cost: 0,
      interrupted: false,
      paused: null,
    });
  });

  test("the same seed gives the same run, another seed another", async () => {
    const syntheses = async (out: string, seed: string): Promise<string> => {
      await host.run(["generate", "--model", "offline", "--limit", "3", "--seed", seed, "--out", out]);
      return (await read(out, "syntheses.jsonl")).split("\n").sort().join("\n");
    };
    expect(await syntheses("a", "7")).toBe(await syntheses("b", "7"));
    expect(await syntheses("c", "8")).not.toBe(await syntheses("a", "7"));
  });

  test("the same command resumes: a finished run prints its summary and buys nothing", async () => {
    await host.run(OFFLINE);
    const calls = await read("run", "calls.jsonl");
    const again = await host.run(OFFLINE);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("run is finished; nothing was left to do.");
    expect(again.stderr).toMatch(/^Result +\d of 6 accepted/m);
    const fewer = await host.run(["generate", "--out", "run"]);
    expect(fewer.code).toBe(0);
    expect(await read("run", "calls.jsonl")).toBe(calls);
  });

  test("contradicting settings are refused with all differences", async () => {
    await host.run(OFFLINE);
    const flags = ["--seed", "8", "--temperature", "0.5", "--model", "gpt-4o", "--max-calls", "6"];
    const { code, stderr } = await host.run(["generate", ...flags, "--out", "run"]);
    expect(code).toBe(2);
    for (const words of [
      "seed was 1, now 8",
      "model.temperature was not set, now 0.5",
      "maxCalls was 4, now 6",
    ]) {
      expect(stderr).toContain(words);
    }
    expect(stderr).toContain('model.name was "offline", now "gpt-4o"');
    expect(stderr).toContain("agentrefine resume run");
  });

  test("what was written in another form is kept, shown and exported in the paper's", async () => {
    const forms = ["--wire", "sparse", "--brief-dungeon-master", "--no-stream", "--limit", "3"];
    const command = ["generate", "--model", "offline", ...forms, "--out", "run"];
    expect((await host.run(command)).code).toBe(0);
    const { settings } = JSON.parse(await read("run", "run.json"));
    expect(settings).toMatchObject({ wire: "sparse", briefDungeonMaster: true });
    const calls = (await read("run", "calls.jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(calls.filter(({ text }) => text.includes('"role":"DM"'))).toEqual([]);
    const [first] = (await read("run", "syntheses.jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(Object.keys(first.trajectory[0])).toHaveLength(9);

    expect((await host.run(["verify", "run"])).code).toBe(0);
    const shown = await host.run(["show", "run", first.id.slice(0, 6), "--call", "2"]);
    expect(shown.stdout).toContain("Two keys of the DM's lines are left out");
    const unverified = ["export", "run", "--ablation", "no-verification", "--out", "all.jsonl", "--quiet"];
    expect((await host.run([...unverified, "--json"])).code).toBe(0);
    expect((await read("all.jsonl")).trim().split("\n").length).toBeGreaterThan(0);

    const other = await host.run(["generate", "--wire", "paper", "--out", "run"]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('wire was "sparse", now "paper"');
    const bound = await host.run([...command.slice(0, -1), "bound", "--structured"]);
    expect(bound.code).toBe(2);
    expect(bound.stderr).toBe(
      "Error: --structured needs every key, and --wire sparse leaves some out. Take --wire compact with --structured.\n",
    );
  });

  test("how a run is driven is no part of the refusal", async () => {
    await host.run(OFFLINE);
    const session = ["--concurrency", "2", "--max-attempts", "3", "--timeout", "5", "--max-cost", "1"];
    expect((await host.run([...OFFLINE, ...session])).code).toBe(0);
  });

  test("a body that looks as if it held a key is refused before anything is saved", async () => {
    const body = '{"user_config":[{"api_key":"zz4417"}]}';
    const { code, stderr } = await host.run([...OFFLINE, "--body", body]);
    expect(code).toBe(2);
    expect(stderr).toContain('field "api_key" looks like a key');
    expect(stderr).not.toContain("zz4417");
    await expect(read("run", "run.json")).rejects.toThrow("ENOENT");
  });

  test("fewer accepted than asked for is exit code 3", async () => {
    const { code, stderr } = await host.run([
      ...OFFLINE,
      "--offline-faults",
      "1000",
      "--min-acceptance",
      "0.5",
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain("--min-acceptance");
    expect(stderr).toContain("Faults met");
  });

  test("an interruption saves, says how to resume, and is exit code 130", async () => {
    let isFirst = true;
    const { code, stderr } = await host.run(
      ["generate", "--model", "offline", "--limit", "60", "--out", "run"],
      {
        isTTY: true,
        onWrite: (text) => {
          if (!isFirst || !text.includes("0/60")) return;
          isFirst = false;
          host.interrupt();
        },
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping: ");
    expect(stderr).toContain("Resume with: agentrefine resume run");
    expect(stderr).not.toMatch(/^ {2}pending +0 /m);
    expect(host.exits).toEqual([]);
    const resumed = await host.run(["resume", "run", "--json"]);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ personas: 60, pending: 0 });
  });

  test("a second interruption ends at once", async () => {
    let isFirst = true;
    await host.run(OFFLINE, {
      isTTY: true,
      onWrite: (text) => {
        if (!isFirst || !text.includes("0/6")) return;
        isFirst = false;
        host.interrupt();
        host.interrupt();
      },
    });
    expect(host.exits).toEqual([130]);
  });
});

describe("the personas of a run", () => {
  const generate = (...flags: string[]): string[] => [
    "generate",
    ...flags,
    "--model",
    "offline",
    "--out",
    "run",
    "--quiet",
  ];

  test("come from a file, compressed or not, or from the standard input", async () => {
    await writeFile(join(host.directory, "plain.txt"), "A cook.\nA sailor.\n");
    await writeFile(
      join(host.directory, "compressed"),
      gzipSync('{"text":"A cook."}\n{"text":"A sailor."}\n'),
    );
    await host.run(generate("plain.txt"));
    const kept = await read("run", "personas.jsonl");
    expect(kept.trim().split("\n")).toHaveLength(2);
    await host.run(["generate", "compressed", "--field", "text", "--model", "offline", "--out", "second"]);
    expect(await read("second", "personas.jsonl")).toBe(kept);
    await host.run(["generate", "-", "--model", "offline", "--out", "third"], {
      stdin: "A cook.\nA sailor.\n",
    });
    expect(await read("third", "personas.jsonl")).toBe(kept);
    expect((await host.run(["resume", "third"])).code).toBe(0);
  });

  test("bad lines are told with file and line, the first twenty", async () => {
    const bad = Array.from({ length: 23 }, () => "{").join("\n");
    await writeFile(
      join(host.directory, "p.jsonl"),
      `{"persona":"A cook."}\n${bad}\n{"persona":"A cook."}\n`,
    );
    const { code, stderr } = await host.run(generate("p.jsonl"));
    expect(code).toBe(0);
    expect(stderr).toContain("p.jsonl: line 2 is not valid JSON; left out");
    expect(stderr).toContain("p.jsonl: line 21 ");
    expect(stderr).not.toContain("p.jsonl: line 22 ");
    expect(stderr).toContain("and 3 more bad lines");
    expect(stderr).toContain("Selected 1 persona from 25 lines; left out 23 bad lines, 1 duplicate.");
  });

  test("a bad line ends a strict run before it begins, and the corrected command is not refused", async () => {
    await writeFile(join(host.directory, "p.jsonl"), '{"persona":"A cook."}\n{\n');
    const { code, stderr } = await host.run(generate("p.jsonl", "--strict"));
    expect(code).toBe(2);
    expect(stderr).toContain("p.jsonl: line 2 is not valid JSON");
    expect(await readdir(host.directory)).toEqual(["p.jsonl"]);
    await writeFile(join(host.directory, "q.jsonl"), '{"persona":"A cook."}\n');
    expect((await host.run(generate("q.jsonl", "--strict"))).code).toBe(0);
  });

  test.each([
    ["a missing file", "nope.jsonl", 2, "there is no such file"],
    ["a folder", ".", 2, "it is a folder"],
    ["an empty file", "empty.jsonl", 2, "there is no persona in"],
  ])("%s is refused and leaves no run", async (_name, source, expected, words) => {
    await writeFile(join(host.directory, "empty.jsonl"), "\n");
    const { code, stderr } = await host.run(generate(source));
    expect(code).toBe(expected);
    expect(stderr).toContain(words);
    expect(await readdir(host.directory)).toEqual(["empty.jsonl"]);
  });

  test("an interruption while they are read leaves no run", async () => {
    const { code, stderr } = await host.run(["generate", "-", "--model", "offline", "--out", "run"], {
      stdin: '{"persona":"A cook."}\n{\n{"persona":"A sailor."}\n',
      onWrite: (text) => {
        if (text.includes("line 2")) host.interrupt();
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopped; nothing was written.");
    expect(stderr).not.toContain("defect");
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("a folder with other things in it is left alone", async () => {
    await writeFile(join(host.directory, "p.txt"), "A cook.\n");
    const { code, stderr } = await host.run(["generate", "p.txt", "--model", "offline", "--out", "."]);
    expect(code).toBe(2);
    expect(stderr).toContain("not empty and not a run");
    expect(await readdir(host.directory)).toEqual(["p.txt"]);
  });
});
