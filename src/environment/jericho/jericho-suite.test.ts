import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AgentRefineError } from "../../errors.ts";
import { SHARED } from "../../testing/shared.ts";
import type { Suite, Task } from "../suite.ts";
import { openWorld } from "../testing/open-world.ts";
import { worldContract } from "../testing/world-contract.ts";
import { JERICHO } from "./definition.ts";
import { openGame } from "./game-thread.ts";
import { GAMES, ZORKS } from "./games.ts";
import { createJerichoSuite, readLabels, scoreByLabel } from "./jericho-suite.ts";
import { openJerichoWorld } from "./jericho-world.ts";
import { readStoryFile } from "./stories.ts";

const STORIES = `${SHARED}/stories`;
const has = existsSync(STORIES);

afterEach(() => vi.unstubAllEnvs());

const zork = () => readStoryFile(STORIES, ZORKS[0]!);

const LABEL = { difficulty: "easy", subgoals: ["reveals a leaflet.", "(Taken)"] } as const;

/** Zork I with a label of our own; its listing is slow and has a test of its own. */
async function labelledSuite(): Promise<Suite> {
  const story = await zork();
  const task: Task = {
    id: "zork1",
    group: "zork1",
    open: async () => {
      const { actions: _, ...world } = await openJerichoWorld(story, {
        goal: "Read the leaflet.",
        scorer: scoreByLabel(LABEL),
      });
      return world;
    },
    solve: async () => ["open mailbox", "read leaflet"],
  };
  return { ...SUITE, tasks: [task] };
}

const SUITE = {
  name: "jericho",
  variant: { rules: "agentboard", problems: "", scoring: "labels", words: null },
  measures: JERICHO.measures,
  maxTurns: 30,
  instruction: () => undefined,
};

describe.skipIf(!has)("a game in a thread (needs ../shared)", async () => {
  worldContract("jericho", {
    suite: has ? await labelledSuite() : { ...SUITE, tasks: [] },
    oddActions: ["open mailbox", "n", "e", "take all", "inventory", "quit", "y", "restart", "save", "look.n"],
    maximumActions: 30,
    randomActions: 60,
  });

  test("the action is cut, the text is one line, and each part of the label counts once", async () => {
    await using world = await openWorld((await labelledSuite()).tasks[0]!);
    const { goal, observation } = await world.reset();
    expect(goal).toBe("Read the leaflet.");
    expect(observation).toContain("West of House You are standing in an open field");
    const step = await world.step("open mailbox, then eat it. Or not");
    expect(step.observation.trim()).toBe("Opening the small mailbox reveals a leaflet.");
    expect(step.scores).toEqual({ success: 0, progress: 0.5 });
    expect((await world.step("open mailbox")).scores).toEqual({ success: 0, progress: 0.5 });
    expect(await world.step("read leaflet")).toMatchObject({ scores: { success: 1 }, ending: "success" });
  });

  test("actions that change something are listed, the same every time", async () => {
    await using world = await openJerichoWorld(await zork(), { goal: "" });
    await world.reset();
    const shown = await world.step("Check valid ACTIONS");
    expect(shown.observation).toMatch(
      /^You can take the following actions: .*open mailbo.*, check valid actions$/,
    );
    expect(shown.observation).toContain("north");
    expect(await world.step("check the actions")).toEqual(shown);
  });

  test("a world that is given up in the middle of a step ends its thread alone", async () => {
    const story = await zork();
    const [one, other] = [await openGame(story), await openGame(story)];
    const listing = one.actions().then(
      () => "answered",
      (error: Error) => error.message,
    );
    await one[Symbol.asyncDispose]();
    expect(await listing).toBe("the game's thread has ended");
    expect((await other.step("n")).text).toContain("North of House");
    await other[Symbol.asyncDispose]();
  });

  test("without labels the game's own score counts, and the variant says so", async () => {
    vi.stubEnv("AGENTREFINE_JERICHO", "");
    vi.stubEnv("AGENTREFINE_HOME", await mkdtemp(join(tmpdir(), "jericho-")));
    await expect(JERICHO.load({ compat: "agentboard" })).rejects.toThrow("there are no games for jericho");
    const suite = createJerichoSuite({ origin: "zork", folder: STORIES, files: [await zork()] }, undefined);
    expect(JERICHO.paper?.unlike(suite.variant)).toEqual([
      "other games (three Zorks of another release)",
      "progress from the games' own scores and victory",
    ]);
    await using world = await openWorld(suite.tasks[0]!);
    expect((await world.reset()).goal).toBe("Win the game. Its own score goes up to 350 points.");
    for (const action of ["s", "e", "open window"]) await world.step(action);
    expect((await world.step("in")).scores).toEqual({ success: 0, progress: 10 / 350 });
  });

  test("a story of no use costs its own game only", async () => {
    const problem = new AgentRefineError("zork2.z3 is damaged");
    const files = [await zork(), { facts: ZORKS[1]!, problem }];
    const { tasks } = createJerichoSuite({ origin: "zork", folder: STORIES, files }, undefined);
    await expect(openWorld(tasks[1]!)).rejects.toThrow("zork2.z3 is damaged");
    await using world = await openWorld(tasks[0]!);
    expect((await world.reset()).observation).toContain("mailbox");
  });
});

test("a folder without the games, or with others, is told in a line", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jericho-"));
  vi.stubEnv("AGENTREFINE_JERICHO", folder);
  await expect(JERICHO.load({ compat: "agentboard" })).rejects.toMatchObject({
    message: expect.stringMatching(/^there is no .*\.z[58]$/),
    fix: expect.stringContaining("agentrefine data get jericho"),
  });
  await writeFile(join(folder, "zork1.z3"), "no game");
  await expect(readStoryFile(folder, ZORKS[0]!)).rejects.toThrow(
    "is damaged or another release of zork1 (MD5 ",
  );
});

test("there is nothing to train on", async () => {
  await expect(JERICHO.load({ compat: "agentboard", split: "train" })).rejects.toThrow(
    "no tasks to train on",
  );
});

test("labels compare letters and digits, one a step", () => {
  const label = '{"subgoals": ["The door, open!", "the DOOR"], "difficulty": "hard"}';
  const [read] = readLabels({ path: "x", text: `${label}\n` });
  const scorer = scoreByLabel(read!.label!);
  expect(["the door", "The door open the DOOR", "x", "(the DOOR)"].map(scorer.after)).toEqual([
    0, 0.5, 0.5, 1,
  ]);
});

test("a line that is no label costs its game alone", async () => {
  const facts = GAMES.slice(0, 2);
  const files = facts.map((each) => ({ facts: each, bytes: new Uint8Array() }));
  const text = `{}\n${JSON.stringify(LABEL)}\n`;
  const of = (labels: string) =>
    createJerichoSuite({ origin: "jericho", folder: "", files }, { path: "x", text: labels });
  const [first, second] = of(text).tasks;
  await expect(openWorld(first!)).rejects.toThrow("x, line 1: not a label of Jericho");
  expect(second).toMatchObject({ id: facts[1]?.name, difficulty: "easy" });
  expect(() => of(`${text}${text}`)).toThrow("x has 4 labels for 2 tasks");
  expect(() => of("{}\n[]")).toThrow("x: no line is a label of Jericho");
});
