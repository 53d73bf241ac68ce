import { afterAll, afterEach, describe, expect, test } from "vitest";
import { OUTSIDE } from "../testing/open-world.ts";
import { worldContract } from "../testing/world-contract.ts";
import type { World } from "../world.ts";
import { createSciworldSuite, type SciworldOptions, worldsAtOnce } from "./sciworld-suite.ts";
import { readLabels } from "./scoring.ts";
import { openSimulator } from "./simulator/simulator.ts";
import { createGoldFinder, Simulators } from "./simulator/simulators.ts";
import { type FakeGateway, startFakeGateway } from "./testing/fake-gateway.ts";
import { LAMP_EPISODE } from "./testing/lamp-episode.ts";

const LABEL = {
  goal: "Light the lamp!",
  subgoals: ["You move the match", "lamp is now (lit|bright)\\.", "moth"],
  difficulty: "hard",
  additional_info: { var: 5, env_name: "boil" },
};

const opened: Simulators[] = [];

afterEach(() => {
  for (const simulators of opened.splice(0)) simulators.close();
});

interface Played {
  readonly suite: ReturnType<typeof createSciworldSuite>;
  readonly gateways: FakeGateway[];
  open(): Promise<World>;
}

function play(changes: Partial<SciworldOptions> = {}): Played {
  const gateways: FakeGateway[] = [];
  const start = async () => {
    const gateway = await startFakeGateway([LAMP_EPISODE]);
    gateways.push(gateway);
    return await openSimulator(gateway, { startSeconds: 20, answerSeconds: 0.5 });
  };
  const simulators = new Simulators(start);
  const seekers = new Simulators(start);
  opened.push(simulators, seekers);
  const labels = readLabels({ path: "labels", text: JSON.stringify(LABEL) });
  const suite = createSciworldSuite({
    rules: "agentboard",
    tasks: { split: "test", labels },
    simulators,
    findGold: createGoldFinder(seekers),
    ...changes,
  });
  const task = suite.tasks.find(({ id }) => id === "boil/5");
  return { suite, gateways, open: () => task!.open(OUTSIDE) };
}

describe("with AgentBoard's labels", () => {
  test("an episode is played as AgentBoard plays it", async () => {
    const { open, gateways, suite } = play();
    await using world = await open();
    const observation = `${LAMP_EPISODE.sight}\n${LAMP_EPISODE.belongings}`;
    expect(await world.reset()).toEqual({ goal: "Light the lamp!", observation });
    expect(suite.variant).toEqual({
      rules: "agentboard",
      problems: "AgentBoard's problems",
      scoring: "labels",
      words: null,
    });
    const third = 1 / 3;
    expect(await world.step(" pick up match ")).toEqual({
      observation: "You move the match to the inventory.",
      scores: { success: 0, progress: third },
      understood: false,
    });
    expect(await world.step("check valid actions")).toEqual({
      observation:
        "Choose an action from these valid actions: go OBJ, look around, pick up OBJ, check valid actions",
      scores: { success: 0, progress: third },
      understood: true,
    });
    // In the list of what can be done after it is what AgentBoard counts.
    expect(await world.step("look in shed")).toMatchObject({ understood: false });
    expect(await world.step("use match on lamp")).toMatchObject({ scores: { progress: 2 * third } });
    expect((await world.step("nonsense")).ending).toBeUndefined();
    const last = await world.step("focus on moth");
    expect(last).toMatchObject({ scores: { success: 1, progress: 1 }, ending: "success" });
    expect(await world.step("pick up match")).toBe(last);
    const asked = gateways[0]?.calls.filter((call) => /^(step|getValid.*)$/.test(call)) ?? [];
    const each = ["step", "getValidActionObjectCombinations", "getValidActionObjectCombinationsJSON"];
    expect(asked.slice(0, 6)).toEqual([...each.slice(0, 2), ...each, ...each.slice(2)]);
  });

  test("a label that cannot be played, or a line that is none, fails its world alone", async () => {
    const bad = { ...LABEL, subgoals: ["("], additional_info: { var: 6, env_name: "boil" } };
    const text = [bad, LABEL, "no label", LABEL].map((label) => JSON.stringify(label)).join("\n");
    const { suite } = play({ tasks: { split: "test", labels: readLabels({ path: "labels", text }) } });
    expect(suite.remarks).toEqual(["labels, line 4: boil/5 has a label already"]);
    expect(suite.tasks.map(({ id }) => id)).toEqual(["boil/6", "boil/5", "lifespan-longest-lived/7"]);
    await expect(suite.tasks[0]!.open(OUTSIDE)).rejects.toThrow("labels, line 1: the pattern ( cannot be");
    await expect(suite.tasks[2]!.open(OUTSIDE)).rejects.toThrow("labels, line 3: not a label");
    await using world = await suite.tasks[1]!.open(OUTSIDE);
    expect((await world.reset()).goal).toBe("Light the lamp!");
  });
});

describe("without them", () => {
  test("the simulator scores, and a wrong focus ends the episode", async () => {
    const { open, suite } = play({ rules: "plain", tasks: { split: "test" } });
    expect(suite.tasks).toHaveLength(90);
    expect(suite.variant).toMatchObject({ rules: "plain", scoring: "the simulator's score" });
    await using world = await open();
    expect((await world.reset()).goal).toBe(LAMP_EPISODE.description);
    expect(await world.step("pick up match")).toEqual({
      observation: "You move the match to the inventory.",
      scores: { success: 0, progress: 0.25 },
      understood: true,
    });
    expect(await world.step("nonsense")).toMatchObject({ understood: false });
    expect(await world.step("focus on moth")).toMatchObject({
      scores: { success: 0, progress: 0 },
      ending: "failure",
    });
  });

  test("completed is success, and the expert's way leads there", async () => {
    const { open, suite } = play({ rules: "plain", tasks: { split: "test" } });
    const actions = await suite.tasks.find(({ id }) => id === "boil/5")?.solve?.();
    expect(actions).toEqual(LAMP_EPISODE.steps.map(({ action }) => action));
    await using world = await open();
    await world.reset();
    expect(await world.actions?.()).toEqual([...(actions ?? []), "check valid actions"]);
    const steps = [];
    for (const action of (actions ?? []).slice(0, 3)) steps.push(await world.step(action));
    expect(steps.at(-1)).toMatchObject({ scores: { success: 1, progress: 1 }, ending: "success" });
  });
});

// The simulator is a fake here, with one short episode; its own behaviour is held against recordings in parity/.
describe("a world over a fake simulator", () => {
  const start = async () =>
    openSimulator(await startFakeGateway([{ ...LAMP_EPISODE, steps: LAMP_EPISODE.steps.slice(0, 3) }]), {
      startSeconds: 20,
      answerSeconds: 20,
    });
  const simulators = new Simulators(start);
  const seekers = new Simulators(start);
  const suite = createSciworldSuite({
    rules: "agentboard",
    tasks: { split: "test" },
    simulators,
    findGold: createGoldFinder(seekers),
  });

  afterAll(() => {
    simulators.close();
    seekers.close();
  });

  worldContract("sciworld", {
    suite: { ...suite, tasks: suite.tasks.filter(({ id }) => id === "boil/5") },
    oddActions: ["check valid actions", "reset task", "look around\n"],
    maximumActions: 30,
    randomActions: 200,
  });
});

test("train tasks are others, and the variant says so", () => {
  const { suite } = play({ tasks: { split: "train", seed: 3 } });
  expect(suite.variant).toMatchObject({ problems: "ScienceWorld's train variations" });
  expect(suite.tasks.map(({ id }) => id)).not.toContain("boil/5");
});

test("another simulator is in the variant", () => {
  const { suite } = play({ otherSimulator: "another simulator (abc)" });
  expect(suite.variant.problems).toBe("AgentBoard's problems, another simulator (abc)");
});

test("a simulator is used for one episode after the other, and not after it has failed", async () => {
  const { open, gateways } = play();
  for (let i = 0; i < 3; i += 1) {
    await using world = await open();
    await world.reset();
    expect(await world.step("pick up match")).toMatchObject({ scores: { progress: 1 / 3 } });
  }
  expect(gateways).toHaveLength(1);
  const world = await open();
  await world.reset();
  await expect(world.step("hang")).rejects.toThrow("no answer within 0.5 s");
  await world[Symbol.asyncDispose]();
  await using next = await open();
  await next.reset();
  expect(gateways.map(({ isRunning }) => isRunning)).toEqual([false, true]);
});

test("the bound of worlds follows cores and memory", () => {
  const GB = 2 ** 30;
  expect([worldsAtOnce(2, 16 * GB), worldsAtOnce(64, 4 * GB), worldsAtOnce(1, GB / 4)]).toEqual([8, 8, 1]);
});
