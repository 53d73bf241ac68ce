import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { EXAMPLE } from "./guide.ts";
import { startSimulator } from "./simulator/simulator.ts";
import { hasGone, holdSimulator } from "./testing/processes.ts";
import { realSimulator } from "./testing/real-simulator.ts";

const command = await realSimulator();
/** A JVM takes seconds, on a busy machine tens. */
const REAL_MS = 120_000;
const need = "(needs the simulator: agentrefine data get scienceworld java)";

test.skipIf(command === undefined)(
  `the worked example is what ScienceWorld says ${need}`,
  async () => {
    const simulator = await startSimulator(command!);
    const { kind, variation, goal, start, turns } = EXAMPLE;
    await simulator.load(kind, variation, { gold: false });
    expect(await simulator.taskDescription()).toBe(goal);
    expect(`${await simulator.step("look around")}\n${await simulator.inventory()}`).toBe(start);
    for (const { action, observation } of turns) expect(await simulator.step(action)).toBe(observation);
    expect([await simulator.score(), await simulator.completed()]).toEqual([1, true]);
    await expect(simulator.load("boil", -1, { gold: false })).rejects.toThrow(
      "ArrayIndexOutOfBoundsException",
    );
    simulator.close();
  },
  REAL_MS,
);

test.skipIf(command === undefined)(
  `a JVM leaves when we are killed, and its folder too ${need}`,
  async () => {
    const { process: holder, pid, folder } = await holdSimulator(command!);
    expect(existsSync(folder)).toBe(true);
    holder.kill("SIGKILL");
    expect(await hasGone(pid)).toBe(true);
    expect(existsSync(folder)).toBe(false);
  },
);
