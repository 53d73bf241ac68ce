import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { randomFor } from "../random.ts";
import { BABYAI_GUIDE } from "./babyai/guide.ts";
import { exampleText, type Guide } from "./guide.ts";
import { pddlGuides } from "./pddl/pddl-task.ts";
import type { Suite } from "./suite.ts";
import { definitionOf, loadSuite } from "./suites.ts";
import { openWorld } from "./testing/open-world.ts";
import type { Start } from "./world.ts";

/** A pattern of the actions that an instruction tells of. */
function toldActions(names: readonly string[]): RegExp {
  const forms = names.map((name) =>
    name
      .replace(/\.$/, "")
      .split(/\{[^}]+\}/)
      .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[\\w -]+?"),
  );
  return new RegExp(`^(?:${forms.join("|")})\\.? *$`, "i");
}

/** Checks every action that comes up in random walks. Gives how many there were, and those that are not told of. */
async function walk(
  suite: Suite,
  isTold: (action: string, index: number) => boolean,
): Promise<{ readonly checked: number; readonly untold: readonly string[] }> {
  let checked = 0;
  const untold: string[] = [];
  for (const [index, task] of suite.tasks.entries()) {
    const random = randomFor("instructions", task.id);
    const world = await openWorld(task);
    await world.reset();
    for (let i = 0; i < 12; i += 1) {
      const listed = (await world.actions?.()) ?? [];
      untold.push(...listed.filter((action) => !isTold(action, index)));
      checked += listed.length;
      if ((await world.step(random.pick(listed))).ending !== undefined) break;
    }
  }
  return { checked, untold };
}

async function begin(task: Suite["tasks"][number]): Promise<{ start: Start; actions: readonly string[] }> {
  const world = await openWorld(task);
  return { start: await world.reset(), actions: (await world.actions?.()) ?? [] };
}

const PERTURBATIONS = ["rename-verbs", "swap-arguments", "number-spacing", "reorder-actions"];

describe.each(["babyai", "pddl"])("%s", (name) => {
  test.each([undefined, ...PERTURBATIONS])(
    "the instruction tells of every action that comes up, and of the task's goal (%s)",
    async (perturbation) => {
      const loaded = await loadSuite(name, { compat: "agentboard", perturbation });
      const suite = { ...loaded, tasks: loaded.tasks.filter((_task, index) => index % 4 === 0) };
      const told = await Promise.all(
        suite.tasks.map(async (task) => {
          const { start } = await begin(task);
          const { goal, actions } = suite.instruction(task, start)!;
          expect(goal).toBe(start.goal);
          return toldActions(actions.map((action) => action.name));
        }),
      );
      const { checked, untold } = await walk(suite, (action, index) => told[index]?.test(action) === true);
      expect(untold).toEqual([]);
      expect(checked).toBeGreaterThan(100);
    },
  );
});

test.each([
  ["babyai", "ed5bed40153ca55c1147f3fcf93b31d42f0e5e6ed277cd9a5f25b2f1c8144fd5"],
  ["pddl", "21818ae3ed2d46507735930481d271a1a6218db91f9bd7b9d8d55987ed8a11f6"],
] as const)("what players of %s are told is the same to the letter", async (name, expected) => {
  const suite = await loadSuite(name, { compat: "agentboard" });
  const { perturbations } = definitionOf(name);
  const firsts = suite.tasks.filter(({ group }, index) => suite.tasks[index - 1]?.group !== group);
  const told = await Promise.all(
    firsts.map(async (task) => {
      const { start, actions } = await begin(task);
      const plain = suite.instruction(task, start);
      return Promise.all(
        PERTURBATIONS.map(async (perturbation) => {
          const other = await loadSuite(name, { compat: "agentboard", perturbation });
          const { show } = perturbations[perturbation]!.rewording(task.group);
          // The goal is the world's own here, as it was when the hash was made.
          return [plain, other.instruction(task, start), actions.map(show)];
        }),
      );
    }),
  );
  expect(createHash("sha256").update(JSON.stringify(told)).digest("hex")).toBe(expected);
});

describe("worked examples", () => {
  const guides: readonly (readonly [string, string, Guide])[] = [
    ["babyai", "any", BABYAI_GUIDE],
    ...[...pddlGuides()].map(([game, guide]) => ["pddl", game, guide] as const),
  ];

  test.each(guides)("of %s (%s) reach their goal and say what the world says", (_suite, _group, guide) => {
    const example = guide.example!;
    const world = example.createWorld();
    const { observation } = world.reset();
    const steps = example.turns.map(({ action }) => world.step(action));
    expect(steps.at(-1)?.ending).toBe("success");
    const told = exampleText(example);
    for (const text of [observation, ...steps.map((step) => step.observation)])
      expect(told).toContain(text.trim());
  });

  test("none is a task of the benchmark", async () => {
    for (const [name, , guide] of guides) {
      const { tasks } = await loadSuite(name, { compat: "agentboard" });
      const example = guide.example!.createWorld().reset();
      const starts = await Promise.all(tasks.map(async (task) => (await begin(task)).start));
      expect(starts).not.toContainEqual(example);
    }
  });

  test("are put in other words as well", async () => {
    const suite = await loadSuite("babyai", { compat: "agentboard", perturbation: "rename-verbs" });
    const { start } = await begin(suite.tasks[0]!);
    const example = suite.instruction(suite.tasks[0]!, start)?.example;
    expect(example).toContain("Action: unlatch and enter red locked door 1");
    expect(example).not.toContain("toggle");
  });
});

test("a perturbation that a suite lacks is refused with those that it has", async () => {
  await expect(loadSuite("babyai", { compat: "agentboard", perturbation: "whisper" })).rejects.toMatchObject({
    message: 'babyai has no perturbation "whisper"',
    fix: "It has rename-verbs, swap-arguments, number-spacing, reorder-actions.",
  });
});
