import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDataSources } from "../../dataset/data-source.ts";
import { bakeryScript } from "../../dataset/testing/trajectories.ts";
import { instructionOf } from "../../dataset/training-example.ts";
import { firstMessage } from "../../react.ts";
import { type DataTexts, drawTexts } from "./data-texts.ts";
import { Draw } from "./drawn.ts";
import { ownWords, wordsOfMessage } from "./own-words.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-texts-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function textsOf(name: string, rows: readonly unknown[]): Promise<DataTexts> {
  await writeFile(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return drawTexts(name, await openDataSources(name, folder), { thoughts: 100, instructions: 50, seed: 1 });
}

function sorted({ thoughts }: DataTexts): readonly string[] {
  return thoughts.drawn.map(({ item }) => item.text).sort();
}

describe("a draw", () => {
  const drawn = (size: number, seed: number, count = 1000): readonly number[] => {
    const draw = new Draw<number>(size, seed, "numbers");
    for (let i = 0; i < count; i += 1) draw.offer(`${i}`, () => i);
    expect(draw.offered).toBe(count);
    return draw.drawn().map(({ item }) => item);
  };

  test("of fewer is the beginning of one of more, and all of what is less", () => {
    expect(drawn(10, 1)).toEqual(drawn(100, 1).slice(0, 10));
    expect(new Set(drawn(100, 1)).size).toBe(100);
    expect([...drawn(100, 1, 7)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(drawn(10, 2)).not.toEqual(drawn(10, 1));
  });

  test("takes from all parts of a stream alike", () => {
    const mean = drawn(300, 4).reduce((sum, each) => sum + each, 0) / 300;
    expect(Math.abs(mean - 500)).toBeLessThan(60);
  });
});

describe("the thoughts of a data set", () => {
  test("are those of AgentGym's and Agent-FLAN's rounds; what has no thought and action is none", async () => {
    const gym = {
      item_id: "babyai_1",
      conversations: [
        { from: "human", value: "You are an agent. …", loss: null },
        { from: "gpt", value: "OK. I'll follow your instructions.", loss: false },
        { from: "human", value: "Your goal: go to the ball" },
        { from: "gpt", value: "Thought:\nI see a ball.\n\nAction:\ngo to ball 1", loss: true },
      ],
    };
    const flan = {
      conversation: [
        { role: "user", content: "What is 2 + 2?" },
        { role: "assistant", content: "Thought: A sum.\nAction: calculator\nAction Input: {}" },
        { role: "user", content: "4" },
        { role: "assistant", content: "Thought: I know.\nAction: Finish" },
      ],
    };
    const shell = {
      id: "os_1",
      conversations: [
        { from: "human", value: "How many files are there?", loss: null },
        { from: "gpt", value: "Think: I list them.\n\nAct: bash\n\n```bash\nls | wc -l\n```", loss: true },
      ],
    };
    const texts = await textsOf("others.jsonl", [gym, flan, shell]);
    expect(sorted(texts)).toEqual(["A sum.", "I know.", "I list them.", "I see a ball."]);
    expect(texts).toMatchObject({ name: "others.jsonl", rows: 3, thoughts: { all: 4 } });
    const about = texts.instructions.drawn.map(({ item }) => item.about);
    expect(about).toContain("What is 2 + 2?");
  });

  test("are those of error turns too, and the goal is what an instruction is about", async () => {
    const content = firstMessage(instructionOf(bakeryScript), "You stand in the bakery.");
    const row = {
      id: "p1",
      conversations: [
        { from: "human", value: content },
        { from: "gpt", value: "Thought: I push.\nAction: push", loss: false },
        { from: "human", value: "No." },
        { from: "gpt", value: "Thought: I look.\nAction: look", loss: true },
      ],
    };
    const texts = await textsOf("ours.jsonl", [row]);
    expect(sorted(texts)).toEqual(["I look.", "I push."]);
    expect(texts.instructions.drawn[0]?.item).toEqual({
      row: "p1",
      text: ownWords(instructionOf(bakeryScript)),
      about: "Put flour into the trough.",
    });
  });

  test("of a file without any usable row are refused in one line", async () => {
    await expect(textsOf("bad.jsonl", [{ nothing: 1 }])).rejects.toThrow("no row of bad.jsonl can be used");
  });
});

describe("the own words of an instruction", () => {
  const instruction = instructionOf(bakeryScript);

  test("are what it says of its world, without what all say and without the example", () => {
    const words = ownWords({ ...instruction, example: "Thought: an example" });
    expect(words).toBe(ownWords(instruction));
    expect(words.split("\n")).toEqual([
      "A bakery before dawn. The oven is cold.",
      "The baker can carry one thing.",
      "Put flour into the trough.",
      "- take {object} from {place}: Pick up a thing.",
      "  Parameters: object, place",
      "- say",
      "  Format: say: <text>",
    ]);
  });

  test("are the same from a first message, and all of a message of others", () => {
    const message = firstMessage({ ...instruction, example: "An example." }, "You stand there.");
    expect(wordsOfMessage(message)).toBe(ownWords(instruction));
    expect(wordsOfMessage("Interact with a household.\nGoal:\nx")).toBe(
      "Interact with a household.\nGoal:\nx",
    );
  });
});
