import { expect, test } from "vitest";
import type { Suite } from "../../environment/environment.ts";
import { lampSuite } from "../../evaluation/testing/lamp-suite.ts";
import { ServedWorlds } from "./served-worlds.ts";

test("worlds that a dead trainer has left are closed after half an hour, and those in use are not", () => {
  let now = 0;
  const worlds = new ServedWorlds(lampSuite(3), 2, () => now);
  const [left, used] = [worlds.create()!, worlds.create()!];
  expect(worlds.create()).toBeUndefined();
  now = 20 * 60_000;
  worlds.step(used, "look");
  now = 31 * 60_000;
  expect(worlds.create()).toBeDefined();
  expect([worlds.has(left), worlds.has(used)]).toEqual([false, true]);
  expect(worlds.create()).toBeUndefined();
});

test("an episode opens one world: that of the task which is reset", () => {
  const opened: string[] = [];
  const suite = lampSuite(3);
  const tasks = suite.tasks.map((task) => ({
    ...task,
    createEnvironment: () => {
      opened.push(task.id);
      return task.createEnvironment();
    },
  }));
  const counting: Suite = { ...suite, tasks };
  const worlds = new ServedWorlds(counting, 2, () => 0);
  const id = worlds.create()!;
  expect(worlds.reset(id, 2)?.observation).toContain("light all 3 lamps");
  worlds.step(id, "look");
  expect(opened).toEqual(["corridor-2"]);
  expect(worlds.view(worlds.create()!)?.observation).toContain("light all 1 lamps");
});
