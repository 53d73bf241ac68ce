import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "./testing/test-host.ts";

let host: TestHost;

beforeEach(async () => {
  host = await createTestHost();
});

afterEach(() => host.remove());

const EXPERT = ["evaluate", "--suite", "babyai", "--agent", "expert", "--limit", "12", "--out", "eval"];
const RANDOM = ["evaluate", "--suite", "babyai", "--agent", "random", "--limit", "12"];

async function episodes(name: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(host.directory, name, "episodes.jsonl"), "utf8");
  const lines = text.trim().split("\n");
  return lines
    .map((line) => JSON.parse(line))
    .sort((one, other) => (`${one.task} ${one.attempt}` < `${other.task} ${other.attempt}` ? -1 : 1));
}

describe("evaluate", () => {
  test("plays the suites, sums up on stderr and keeps every episode", async () => {
    const { code, stdout, stderr } = await host.run(EXPERT);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/^babyai +12 +100\.0 +75\.8–100\.0 +100\.0 /m);
    expect(stderr).toContain("babyai: agentboard rules, AgentBoard's problems, progress from mission parts");
    expect(stderr).toContain("Next: agentrefine compare eval --paper");
    const files = ["calls.jsonl", "episodes.jsonl", "run.json"];
    expect((await readdir(join(host.directory, "eval"))).sort()).toEqual(files);
    expect(await episodes("eval")).toHaveLength(12);
    const { settings } = JSON.parse(await readFile(join(host.directory, "eval", "run.json"), "utf8"));
    expect(settings).toEqual({
      kind: "evaluation",
      suites: ["babyai"],
      compat: "agentboard",
      limit: 12,
      agent: "expert",
      example: true,
      samples: 1,
      seed: 1,
      episodes: 12,
    });
  });

  test("plays several suites, and weighs them as App. A does", async () => {
    const flags = ["--suite", "pddl, babyai", "--agent", "random", "--limit", "4", "--max-turns", "5"];
    const { stdout } = await host.run(["evaluate", ...flags, "--out", "eval", "--json", "--quiet"]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ planned: 8, ended: 8, interrupted: false, paused: null });
    const [pddl, babyai] = report.suites;
    expect([pddl.suite, babyai.suite]).toEqual(["pddl", "babyai"]);
    const expected = (112 * babyai.scores.progress.value + 60 * pddl.scores.progress.value) / 172;
    expect(report.heldOut.scores.progress.value).toBeCloseTo(expected);
    expect(report.heldOut.missing).toEqual(["sciworld", "jericho"]);
    expect(pddl.behaviour.turns).toBeLessThanOrEqual(5);
  });

  test("with several samples gives the best and the mean of them", async () => {
    const { stdout, stderr } = await host.run([...RANDOM, "--samples", "3", "--out", "eval", "--json"]);
    const { planned, suites } = JSON.parse(stdout);
    expect(planned).toBe(36);
    const {
      sampled,
      scores: { progress },
    } = suites[0];
    expect(sampled.attempts).toBe(3);
    expect(sampled.best.progress).toBeGreaterThanOrEqual(progress.value);
    expect(sampled.spread.progress.mean).toBeCloseTo(progress.value);
    expect(stderr).toMatch(/^Best of 3/m);
  });

  test("the same seed gives the same episodes, another seed others", async () => {
    await host.run([...RANDOM, "--seed", "7", "--out", "a"]);
    await host.run([...RANDOM, "--seed", "7", "--out", "b", "--concurrency", "1"]);
    await host.run([...RANDOM, "--seed", "8", "--out", "c"]);
    expect(await episodes("b")).toEqual(await episodes("a"));
    expect(await episodes("c")).not.toEqual(await episodes("a"));
  });

  test("the same command, or one with less in it, goes on; a finished one tells the same again", async () => {
    const first = await host.run([...EXPERT, "--json"]);
    const again = await host.run(["evaluate", "--out", "eval", "--json"]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("eval is finished; nothing was left to do.");
    const { seconds: _first, ...report } = JSON.parse(first.stdout);
    expect(JSON.parse(again.stdout)).toMatchObject(report);
  });

  test("sends no control character of somebody else's episodes to the terminal", async () => {
    await host.run(EXPERT);
    const file = join(host.directory, "eval", "episodes.jsonl");
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    const hostile = lines.map((line) => {
      const episode = JSON.parse(line);
      return JSON.stringify({ ...episode, group: `${episode.group}\u009b31m\nall solved` });
    });
    await writeFile(file, `${hostile.join("\n")}\n`);
    const { code, stderr } = await host.run(["evaluate", "--out", "eval", "--details"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^ {2}\S+\\u009b31m all solved +\d/m);
    expect(stderr).not.toContain("\u009b");
  });

  test("contradicting settings are refused with all differences", async () => {
    await host.run(EXPERT);
    const flags = ["--seed", "8", "--max-turns", "10", "--suite", "pddl", "--compat", "plain"];
    const { code, stderr } = await host.run(["evaluate", ...flags, "--model", "m", "--out", "eval"]);
    expect(code).toBe(2);
    for (const words of [
      "seed was 1, now 8",
      "maxTurns was not set, now 10",
      'compat was "agentboard"',
      "model",
    ]) {
      expect(stderr).toContain(words);
    }
    expect(stderr).toContain("agentrefine evaluate --out eval");
  });

  test("an interruption saves, says how to go on, and is exit code 130", async () => {
    let isFirst = true;
    const { code, stderr } = await host.run([...RANDOM, "--out", "eval"], {
      isTTY: true,
      onWrite: (text) => {
        if (!isFirst || !text.includes("0/12")) return;
        isFirst = false;
        host.interrupt();
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping: ");
    expect(stderr).toContain("Resume with: agentrefine evaluate --out eval");
    expect(host.exits).toEqual([]);
    expect((await host.run(["evaluate", "--out", "eval"])).code).toBe(0);
    await host.run([...RANDOM, "--out", "whole"]);
    expect(await episodes("eval")).toEqual(await episodes("whole"));
  });

  test("a second interruption ends at once", async () => {
    let isFirst = true;
    await host.run([...RANDOM, "--out", "eval"], {
      isTTY: true,
      onWrite: (text) => {
        if (!isFirst || !text.includes("0/12")) return;
        isFirst = false;
        host.interrupt();
        host.interrupt();
      },
    });
    expect(host.exits).toEqual([130]);
  });

  test("replays what another evaluation did, to the same result", async () => {
    await host.run([...RANDOM, "--out", "first"]);
    const replay = ["--replay", "first/episodes.jsonl", "--limit", "12", "--out", "second"];
    const { code } = await host.run(["evaluate", "--suite", "babyai", ...replay]);
    expect(code).toBe(0);
    const outcome = ({ task, scores }: Record<string, unknown>) => ({ task, scores });
    expect((await episodes("second")).map(outcome)).toEqual((await episodes("first")).map(outcome));
  });

  test("replays actions that were written by hand", async () => {
    const line = { suite: "babyai", task: "BabyAI-GoToRedBallGrey-v0/1234", actions: ["turn left", "jump"] };
    await writeFile(join(host.directory, "plan.jsonl"), `${JSON.stringify(line)}\n`);
    const flags = ["--suite", "babyai", "--replay", "plan.jsonl", "--limit", "2", "--out", "eval"];
    expect((await host.run(["evaluate", ...flags])).code).toBe(0);
    const [first, second] = await episodes("eval");
    expect(first).toMatchObject({ ending: "stopped", reason: "the recording has ended" });
    expect(second).toMatchObject({ ending: "stopped", reason: "nothing was recorded for this task" });
  });

  test("goes on when the recording has moved, or the same suites are named in another order", async () => {
    await host.run([...RANDOM, "--out", "first"]);
    const suites = ["evaluate", "--suite", "babyai,pddl"];
    await host.run([...suites, "--replay", "first/episodes.jsonl", "--limit", "12", "--out", "second"]);
    await rename(join(host.directory, "first"), join(host.directory, "moved"));
    await writeFile(join(host.directory, "second", "episodes.jsonl"), "");
    const other = ["--suite", "pddl,babyai", "--replay", "moved/episodes.jsonl", "--out", "second"];
    expect(await host.run(["evaluate", ...other])).toMatchObject({ code: 0 });
  });

  test("says the actions in other words, and the expert still solves everything", async () => {
    const flags = ["--suite", "babyai,pddl", "--agent", "expert", "--limit", "6"];
    const perturbed = await host.run(["evaluate", ...flags, "--perturb", "rename-verbs", "--out", "eval"]);
    expect(perturbed.code).toBe(0);
    expect(perturbed.stderr).toContain("progress from mission parts, rename-verbs");
    expect((await episodes("eval")).every(({ ending }) => ending === "success")).toBe(true);
  });

  test("says to which suites the plain rules do not apply, once", async () => {
    const flags = ["--suite", "pddl,babyai", "--agent", "expert", "--compat", "plain", "--limit", "2"];
    const { code, stderr } = await host.run(["evaluate", ...flags, "--out", "eval"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^--compat plain does not apply to pddl, which has AgentBoard's rules only\.\n/);
    expect(stderr).toContain("pddl: agentboard rules, ");
    expect(stderr).toContain("babyai: plain rules, ");
    const again = await host.run(["evaluate", "--out", "eval"]);
    expect(again.stderr).not.toContain("does not apply");
  });

  test("names the groups that a limit leaves out, once", async () => {
    const flags = ["--suite", "pddl", "--agent", "random", "--limit", "2"];
    const { stderr } = await host.run(["evaluate", ...flags, "--out", "eval"]);
    expect(stderr).toMatch(/^pddl: 2 of 60 tasks are played, and 3 of 4 groups left out \(\w+, \w+, \w+\)/);
    expect((await host.run(["evaluate", "--out", "eval"])).stderr).not.toContain("left out");
  });

  test("tells the suites in the order in which they were asked for, also of a finished evaluation", async () => {
    const flags = ["--suite", "pddl,babyai", "--agent", "random", "--limit", "6"];
    const first = await host.run(["evaluate", ...flags, "--out", "eval", "--json"]);
    const file = join(host.directory, "eval", "episodes.jsonl");
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    await writeFile(file, `${lines.reverse().join("\n")}\n`);
    const again = await host.run(["evaluate", "--out", "eval", "--json"]);
    const told = ({ stdout }: { readonly stdout: string }): string =>
      JSON.stringify(JSON.parse(stdout).suites);
    expect(told(again)).toBe(told(first));
  });

  test("shows its progress on a terminal, unless it should be quiet", async () => {
    const shown = await host.run([...RANDOM, "--out", "eval"], { isTTY: true });
    expect(shown.stderr).toContain(" 0/12\u001b[22m   success  0       (–)");
    const quiet = await host.run([...RANDOM, "--out", "quiet", "--quiet"], { isTTY: true });
    expect(quiet.stderr).not.toContain("/12");
  });
});

describe("evaluate refuses with one line", () => {
  const babyai = ["--suite", "babyai"];
  test.each([
    [[...babyai, "--agent", "expert"], "no folder for the evaluation was given"],
    [["--agent", "expert", "--out", "x"], "no suite was given. Give one or several (--suite): "],
    [
      ["--suite", "babayi", "--agent", "expert", "--out", "x"],
      'there is no suite "babayi"; did you mean babyai?',
    ],
    [["--suite", "held-ut", "--agent", "expert", "--out", "x"], "did you mean held-out? The suites are "],
    [["--suite", "__proto__", "--agent", "expert", "--out", "x"], 'there is no suite "__proto__"'],
    [[...babyai, "--out", "x"], "neither a model nor an agent was given"],
    [[...babyai, "--agent", "react", "--out", "x"], "the ReAct agent needs a model"],
    [[...babyai, "--agent", "expert", "--model", "m", "--out", "x"], "the agent expert talks to no model"],
    [[...babyai, "--model", "offline", "--out", "x"], "the offline author writes training data"],
    [[...babyai, "--agent", "random", "--reflexion", "3", "--out", "x"], "reflexion is for agents that talk"],
    [[...babyai, "--agent", "replay", "--out", "x"], "there is nothing to replay"],
    [
      [...babyai, "--agent", "expert", "--replay", "f", "--out", "x"],
      "a recording (--replay) is not for the agent expert",
    ],
    [[...babyai, "--replay", "nowhere.jsonl", "--out", "x"], "there is no file"],
    [
      [...babyai, "--agent", "expert", "--temperature", "1", "--out", "x"],
      "the agent expert talks to no model",
    ],
    [[...babyai, "--agent", "exprt", "--out", "x"], "is not one of react, expert, random, replay"],
    [[...babyai, "--agent", "expert", "--perturb", "upside-down", "--out", "x"], "is not one of rename-"],
    [
      [...babyai, "--agent", "expert", "--perturb", "reorder-action", "--out", "x"],
      "reorder-actions; did you mean reorder-actions?",
    ],
    [
      [...babyai, "--agent", "expert", "--perturb", "rename-verbs,reorder-actions", "--out", "x"],
      '"rename-verbs,reorder-actions" are several: run the command once for each',
    ],
    [
      ["--suite", "pddl", "--agent", "expert", "--compat", "plain", "--out", "x"],
      "the plain rules do not apply to pddl, which has AgentBoard's rules only. Leave them out.",
    ],
    [[...babyai, "--agent", "expert", "--agentboard", "nowhere", "--out", "x"], "there is no folder"],
    [[...babyai, "--agent", "expert", "--agentboard", ".", "--out", "x"], "there are no labels of babyai in"],
    [["--suite", "pddl", "--agent", "expert", "--agentboard", ".", "--out", "x"], "PDDL problems"],
    [[...babyai, "--model", "gpt-4o", "--out", "x"], "OPENAI_API_KEY"],
  ])("%j", async (flags, words) => {
    const { code, stdout, stderr } = await host.run(["evaluate", ...flags]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(await readdir(host.directory)).toEqual([]);
  });

  test("a recording of other tasks, of which nothing would be played", async () => {
    await writeFile(
      join(host.directory, "other.jsonl"),
      '{"suite":"pddl","task":"none","actions":["look"]}\n',
    );
    const flags = [...babyai, "--replay", "other.jsonl", "--out", "x"];
    const { code, stderr } = await host.run(["evaluate", ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/other\.jsonl has none of the tasks that are to be played/);
  });

  test("the folder of a run of generate, and a run command on an evaluation", async () => {
    await host.run(["generate", "--model", "offline", "--limit", "1", "--out", "run", "--quiet"]);
    const { code, stderr } = await host.run(["evaluate", ...babyai, "--agent", "expert", "--out", "run"]);
    expect({ code, words: stderr.includes("run of generate") }).toEqual({ code: 2, words: true });
    await host.run(EXPERT);
    const resumed = await host.run(["resume", "eval"]);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toContain("is an evaluation. Resume it: agentrefine evaluate --out");
  });
});
