import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SHARED } from "../../testing/shared.ts";
import { recording } from "../testing/recordings.ts";
import { Game } from "./game.ts";
import { GAMES, ZORKS } from "./games.ts";
import { readStory } from "./zmachine/story.ts";

const STORIES = `${SHARED}/stories`;

function zork(place: number): Game {
  const facts = ZORKS[place]!;
  const bytes = new Uint8Array(readFileSync(`${STORIES}/${facts.file}`));
  return new Game(readStory(bytes, facts.file), facts);
}

describe.skipIf(!existsSync(STORIES))("the Zorks of the public sources (needs ../shared)", () => {
  test.each([0, 1, 2])("play as recorded from Jericho: game %i", (place) => {
    const rows = recording("jericho/zork-mit.jsonl.gz")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const row = rows.find(({ game, walk }) => game === ZORKS[place]!.file && walk === "walkthrough");
    const facts = ZORKS[place]!;
    const bytes = new Uint8Array(readFileSync(`${STORIES}/${facts.file}`));
    const game = new Game(readStory(bytes, facts.file), facts, row.seed);
    game.start();
    for (const { action, observation, score, moves } of row.steps.slice(0, 20)) {
      expect(game.step(action)).toMatchObject({ text: observation, score, moves });
    }
  });

  test("goes back to a moment, random numbers included", () => {
    const game = zork(0);
    game.start();
    game.step("open mailbox");
    const moment = game.remember();
    const play = () => ["read leaflet", "n", "wait", "kick house"].map((action) => game.step(action));
    const first = play();
    game.goBack(moment);
    expect(play()).toEqual(first);
  });

  test("takes any text, and writes no file", () => {
    const game = zork(0);
    game.start();
    for (const odd of ["", " ", "\n\n", "x".repeat(5000), "🙂", "\u0000", "\\q", "open, close", "?"]) {
      expect(game.step(odd).lost).toBe(false);
    }
    expect(game.step("save").text).toContain("Failed");
  });

  test("is lost when it is left, and says so ever after", () => {
    const game = zork(0);
    game.start();
    game.step("quit");
    expect(game.step("y").lost).toBe(true);
    expect(game.step("look")).toMatchObject({ text: "Emulator halted due to runtime error.\n", lost: true });
  });
});

describe("story files", () => {
  test.each([
    ["empty", new Uint8Array(0), "x.z5 is not a story file of the Z-machine"],
    ["a text", new TextEncoder().encode("hello ".repeat(100)), "x.z5 is not a story file of the Z-machine"],
    [
      "of version 6",
      Uint8Array.from({ length: 100 }, (_, i) => (i === 0 ? 6 : 0)),
      "x.z5 is for version 6 of the Z-machine, which is not played here",
    ],
    [
      "cut short",
      Uint8Array.from({ length: 100 }, (_, i) => (i === 0 ? 5 : i === 0x1a ? 99 : 1)),
      "x.z5 is damaged: it is shorter than its header says",
    ],
  ])("%s are refused in a line", (_, bytes, message) => {
    expect(() => readStory(bytes, "x.z5")).toThrow(message);
  });

  test("are known once each", () => {
    expect(GAMES).toHaveLength(20);
    expect(new Set([...GAMES, ...ZORKS].map(({ md5 }) => md5)).size).toBe(23);
  });
});
