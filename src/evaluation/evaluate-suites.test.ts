import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChatModel } from "../model/chat-model.ts";
import { NO_USAGE } from "../model/chat-model.ts";
import { formatReAct } from "../react.ts";
import { readEpisodes } from "./episode.ts";
import { evaluateSuites } from "./evaluate-suites.ts";
import { openSuites } from "./open-suites.ts";

/** An evaluation of the first version: of its two episodes one has ended, and all of the other's replies are bought. */
const FIRST_VERSION = fileURLToPath(new URL("testing/first-version", import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-suites-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function checking(): ChatModel & { calls: number } {
  const model = {
    name: "m",
    calls: 0,
    chat: async () => {
      model.calls += 1;
      const text = formatReAct({ thought: "I look what can be done.", action: "check valid actions" });
      return { text, finish: "stop" as const, usage: NO_USAGE };
    },
  };
  return model;
}

describe("an evaluation by the names of its suites", () => {
  const options = { suites: ["pddl"], limit: 2, maxTurns: 3, example: false } as const;

  test("is begun, resumed and, when it has ended, read without its model", async () => {
    const directory = join(folder, "new");
    const model = checking();
    const first = await evaluateSuites(directory, { ...options, model, modelSettings: { maxTokens: 1024 } });
    expect(first.settings).toMatchObject({ agent: "react", episodes: 2, compat: "agentboard", seed: 1 });
    expect(first.summary.suites[0]).toMatchObject({ suite: "pddl", tasks: 2 });
    expect(model.calls).toBe(6);
    const again = await evaluateSuites(directory, {});
    expect(again.summary).toEqual(first.summary);
    expect(JSON.parse(await readFile(join(directory, "run.json"), "utf8")).settings.model).toEqual({
      name: "m",
      maxTokens: 1024,
    });
  });

  test("is not resumed with settings that contradict the saved ones", async () => {
    await evaluateSuites(folder, { ...options, agent: "random" });
    await expect(evaluateSuites(folder, { maxTurns: 4 })).rejects.toThrow("maxTurns was 3, now 4");
  });

  test("is not judged again where nothing of it is graded", async () => {
    const directory = join(folder, "plain");
    await evaluateSuites(directory, { ...options, agent: "random" });
    const again = evaluateSuites(join(folder, "again"), { rejudge: directory });
    await expect(again).rejects.toThrow(`no suite of ${directory} is graded by a judge`);
  });

  test("grows by a larger limit, and no smaller one is taken", async () => {
    const notes: string[] = [];
    await evaluateSuites(folder, { ...options, agent: "random" });
    const onNote = (note: string): void => void notes.push(note);
    const grown = await evaluateSuites(folder, { limit: 4, onNote });
    expect(grown).toMatchObject({ planned: 4, settings: { limit: 4, episodes: 4 } });
    expect(notes).toContainEqual(expect.stringMatching(/3 of 4 groups left out \(\w+, \w+, \w+\)/));
    await expect(evaluateSuites(folder, { limit: 3 })).rejects.toThrow("limit was 4, now 3");
  });

  test("begins anew with other settings while no reply is kept, and not after", async () => {
    const broken: ChatModel = { name: "m", chat: () => Promise.reject(new Error("no server")) };
    await evaluateSuites(folder, { ...options, model: broken }).catch(() => undefined);
    const model = checking();
    const anew = await evaluateSuites(folder, { maxTurns: 2, model });
    expect(anew.settings).toMatchObject({ maxTurns: 2, limit: 2, suites: ["pddl"] });
    expect(model.calls).toBe(4);
    await expect(evaluateSuites(folder, { maxTurns: 3, model })).rejects.toThrow("maxTurns was 2, now 3");
  });

  test.each([
    [{}, "no suite was given"],
    [{ suites: ["pddl"], agent: "expert", reflexion: 3 }, "reflexion is for agents that talk to a model"],
    [{ suites: ["chess"], agent: "random" }, 'there is no suite "chess"'],
    [{ suites: ["pddl"] }, "neither a model nor an agent was given"],
    [{ suites: ["pddl"], agent: "react" }, "the ReAct agent needs a model"],
    [{ suites: ["pddl"], agent: "random", compat: "plain" }, "the plain rules do not apply to pddl"],
    [{ suites: ["pddl"], agent: "random", agentboard: "/nowhere" }, "there is no folder /nowhere"],
  ] as const)("%j is refused before there is a folder", async (given, message) => {
    await expect(evaluateSuites(join(folder, "none"), given)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  test("of the first version is resumed without buying anything, and its words are understood", async () => {
    const directory = join(folder, "old");
    await cp(FIRST_VERSION, directory, { recursive: true });
    const model = checking();
    const { results, planned, pause } = await evaluateSuites(directory, { model });
    expect({ planned, pause, calls: model.calls }).toEqual({ planned: 2, pause: undefined, calls: 0 });
    const variant = {
      rules: "agentboard",
      problems: "own problems of seed 0",
      scoring: "goal facts",
      words: "number-spacing",
    };
    expect(results.map((each) => each.variant)).toEqual([variant, variant]);
    const turns: unknown[] = [];
    for await (const { trials } of readEpisodes(directory))
      turns.push(trials.map((trial) => trial.turns.length));
    expect(turns).toEqual([[3], [3]]);
  });
});

describe("a part of a suite", () => {
  test("that is sampled has tasks of all groups alike; the first ones are told for what they leave out", async () => {
    const notes: string[] = [];
    const note = (text: string): void => {
      notes.push(text);
    };
    const base = { suites: ["pddl"], compat: "agentboard" } as const;
    const [first] = await openSuites({ ...base, limit: 12 }, note);
    expect(new Set(first?.tasks.map(({ group }) => group)).size).toBe(1);
    expect(notes).toEqual([expect.stringContaining("12 of 60 tasks are played, and 3 of 4 groups left out")]);
    const [fair] = await openSuites({ ...base, sample: 12 }, note);
    const groups = fair?.tasks.map(({ group }) => group) ?? [];
    expect(
      ["gripper", "blockworld", "barman", "tyreworld"].map((name) => groups.filter((g) => g === name).length),
    ).toEqual([3, 3, 3, 3]);
    const [more] = await openSuites({ ...base, sample: 20 }, note);
    const ids = more?.tasks.map(({ id }) => id);
    expect(fair?.tasks.every(({ id }) => ids?.includes(id))).toBe(true);
    expect(notes).toHaveLength(1);
  });
});
