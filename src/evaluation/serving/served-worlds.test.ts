import { expect, test } from "vitest";
import type { Suite } from "../../environment/suite.ts";
import type { Outside } from "../../environment/world.ts";
import { lampSuite } from "../testing/lamp-suite.ts";
import { ServedWorlds } from "./served-worlds.ts";

test("worlds that a dead trainer has left are closed after half an hour, and those in use are not", async () => {
  let now = 0;
  const worlds = new ServedWorlds(lampSuite(3), 2, () => now);
  const [left, used] = [worlds.create()!, worlds.create()!];
  expect(worlds.create()).toBeUndefined();
  now = 20 * 60_000;
  await worlds.step(used, "look");
  now = 31 * 60_000;
  expect(worlds.create()).toBeDefined();
  expect([worlds.has(left), worlds.has(used)]).toEqual([false, true]);
  expect(worlds.create()).toBeUndefined();
});

test("an episode opens one world: that of the task which is reset", async () => {
  const opened: string[] = [];
  const suite = lampSuite(3);
  const tasks = suite.tasks.map((task) => ({
    ...task,
    open: (outside: Outside) => {
      opened.push(task.id);
      return task.open(outside);
    },
  }));
  const counting: Suite = { ...suite, tasks };
  const worlds = new ServedWorlds(counting, 2, () => 0);
  const id = worlds.create()!;
  expect((await worlds.reset(id, 2))?.observation).toContain("light all 3 lamps");
  await worlds.step(id, "look");
  expect(opened).toEqual(["corridor-2"]);
  expect((await worlds.view(worlds.create()!))?.observation).toContain("light all 1 lamps");
});
