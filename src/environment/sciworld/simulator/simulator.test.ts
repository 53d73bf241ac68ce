import { afterEach, describe, expect, test } from "vitest";
import { type FakeGateway, startFakeGateway } from "../testing/fake-gateway.ts";
import { LAMP_EPISODE } from "../testing/lamp-episode.ts";
import { openSimulator, type Simulator } from "./simulator.ts";

const opened: Simulator[] = [];

afterEach(() => {
  for (const simulator of opened.splice(0)) simulator.close();
});

async function open(answerSeconds = 20): Promise<{ gateway: FakeGateway; simulator: Simulator }> {
  const gateway = await startFakeGateway([LAMP_EPISODE]);
  const simulator = await openSimulator(gateway, { startSeconds: 20, answerSeconds });
  opened.push(simulator);
  return { gateway, simulator };
}

describe("a simulator", () => {
  test("answers what it is asked", async () => {
    const { simulator } = await open();
    await simulator.load("boil", 5, { gold: false });
    expect(await simulator.taskDescription()).toBe(LAMP_EPISODE.description);
    expect(await simulator.step("look around")).toBe(LAMP_EPISODE.sight);
    expect(await simulator.inventory()).toBe(LAMP_EPISODE.belongings);
    expect(await simulator.step("pick up match")).toBe("You move the match to the inventory.");
    expect(await simulator.step("look in shed")).toBe("A \\ and a\rline\n\twith é.");
    expect([await simulator.score(), await simulator.completed(), await simulator.moves()]).toEqual([
      ...[0.25, false, 2],
    ]);
    expect(await simulator.step("use match\non lamp")).toBe("No known action matches that input.");
    expect(simulator.isSound).toBe(true);
  });

  test("gives a list in one piece and lets the JVM forget it", async () => {
    const { gateway, simulator } = await open();
    await simulator.load("boil", 5, { gold: true });
    expect(await simulator.gold()).toEqual(LAMP_EPISODE.steps.map(({ action }) => action));
    expect(await simulator.templates()).toContain("look around");
    expect(gateway.calls.slice(-3)).toEqual(["getPossibleActions", "join", "forget o11"]);
  });

  test("leaves no door open to others", async () => {
    const { gateway } = await open();
    const again = openSimulator(gateway, { startSeconds: 2, answerSeconds: 2 });
    await expect(again).rejects.toThrow("ECONNREFUSED");
  });

  test("says what it does not know", async () => {
    const { simulator } = await open();
    await expect(simulator.load("fly", 1, { gold: false })).rejects.toThrow("Unknown task (fly)");
  });

  test.each([
    ["hang", "no answer within 0.2 s"],
    ["hang up", "closed the connection"],
    ["say twice", "more than one answer came"],
    ["flood", "an answer is too long"],
    ["gibber", "answer is none: ok"],
    ["throw", "the simulator failed: java.lang.IllegalStateException: it was asked to throw"],
  ])("at which %j comes is not asked again", async (action, words) => {
    const { simulator } = await open(action === "hang" ? 0.2 : 20);
    await simulator.load("boil", 5, { gold: false });
    const step = simulator.step(action);
    await expect(step).rejects.toThrow(words);
    expect(simulator.isSound).toBe(false);
  });

  test("that is closed in the middle of a step ends the step", async () => {
    const { simulator } = await open();
    const step = simulator.step("hang");
    expect(simulator.isSound).toBe(false);
    simulator.close();
    await expect(step).rejects.toThrow("was closed");
  });
});
