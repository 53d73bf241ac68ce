import { describe, expect, test } from "vitest";
import { lampSuite } from "../../evaluation/testing/lamp-suite.ts";
import type { DataTexts } from "./data-texts.ts";
import { instructionSimilarity } from "./instruction-similarity.ts";
import { suiteInstructions } from "./suite-instructions.ts";

function worlds(name: string, ...texts: readonly string[]): DataTexts {
  const drawn = texts.map((text, rank) => ({
    rank,
    item: { row: `${name}-${rank}`, text, about: `goal ${rank}` },
  }));
  return {
    name,
    rows: texts.length,
    thoughts: { all: 0, drawn: [] },
    instructions: { all: texts.length, drawn },
  };
}

const tasks = (suite: string, ...texts: readonly string[]) => ({
  suite,
  tasks: 90,
  drawn: texts.map((text, i) => ({ task: `${i}`, text, about: `do ${i}` })),
  problem: undefined,
});

describe("the similarity of instructions", () => {
  test("is of each with each, and counts the worlds that are like a task", async () => {
    const found = await instructionSimilarity(
      [worlds("ours", "a bakery at dawn", "light the lamps of the corridor", "a harbour")],
      [
        tasks("lamps", "light the lamps of the corridor", "find the exit"),
        tasks("other", "nothing shared here"),
      ],
      { seed: 1 },
    );
    expect(found?.sources.map(({ name, kind, drawn }) => [name, kind, drawn])).toEqual([
      ["ours", "data", 3],
      ["lamps", "suite", 2],
      ["other", "suite", 1],
    ]);
    const { values, columns } = found!.similarities;
    expect(columns).toBe(6);
    for (let i = 0; i < 6; i += 1) expect(values[i * 6 + i]).toBeCloseTo(1, 12);
    expect(values[1 * 6 + 3]).toBeCloseTo(1, 12);
    expect(values[1 * 6 + 3]).toBe(values[3 * 6 + 1]);
    const [lamps, other] = found!.contamination;
    expect(lamps).toMatchObject({
      data: "ours",
      suite: "lamps",
      pairs: 6,
      like: 1,
      share: 1 / 6,
      worldsLike: 1,
    });
    expect(lamps?.highest).toBeCloseTo(1, 12);
    expect(other).toMatchObject({ pairs: 3, like: 0, highest: 0, mean: 0 });
    expect(found!.nearest[0]).toMatchObject({
      row: "ours-1",
      world: "goal 1",
      suite: "lamps",
      task: "0",
      goal: "do 0",
    });
  });

  test("takes 50 of each data set, and tells of suites that are left out", async () => {
    const many = worlds("many", ...Array.from({ length: 70 }, (_value, i) => `world number ${i}`));
    const silent = { ...tasks("silent"), problem: "its players are told nothing beside the question" };
    const found = await instructionSimilarity([many], [silent], { seed: 1 });
    expect(found?.sources).toEqual([{ name: "many", kind: "data", all: 70, drawn: 50 }]);
    expect(found?.notes).toEqual([
      "silent is not in Figure 7: its players are told nothing beside the question.",
    ]);
    expect(await instructionSimilarity([], [], { seed: 1 })).toBeUndefined();
  });
});

describe("the instructions of a suite", () => {
  test("are drawn by the seed and have no worked example", async () => {
    const suite = lampSuite(12);
    const drawn = await suiteInstructions(suite, { count: 5, seed: 1 });
    expect(drawn).toMatchObject({ suite: "lamps", tasks: 12, problem: undefined });
    expect(drawn.drawn).toHaveLength(5);
    const more = await suiteInstructions(suite, { count: 10, seed: 1 });
    expect(more.drawn.slice(0, 5)).toEqual(drawn.drawn);
    expect((await suiteInstructions(suite, { count: 5, seed: 2 })).drawn).not.toEqual(drawn.drawn);
    const shown = {
      ...suite,
      instruction: (...given: Parameters<typeof suite.instruction>) => {
        const instruction = suite.instruction(...given);
        return instruction && { ...instruction, example: "Thought: a worked example" };
      },
    };
    expect((await suiteInstructions(shown, { count: 5, seed: 1 })).drawn).toEqual(drawn.drawn);
  });

  test("are those of the worlds that open; a suite without instructions says so", async () => {
    const suite = lampSuite(6);
    const broken = {
      ...suite,
      tasks: suite.tasks.map((task, i) =>
        i % 2
          ? task
          : {
              ...task,
              open: async () => {
                throw new Error("no world");
              },
            },
      ),
    };
    const drawn = await suiteInstructions(broken, { count: 5, seed: 1 });
    expect(drawn.drawn).toHaveLength(3);
    expect(drawn.problem).toMatch(/^task .*: no world$/);
    const talk = await suiteInstructions({ ...suite, instruction: () => undefined }, { count: 5, seed: 1 });
    expect(talk).toMatchObject({ drawn: [], problem: "its players are told nothing beside the question" });
  });
});
