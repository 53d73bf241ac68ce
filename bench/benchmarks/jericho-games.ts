import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GameFacts } from "../../src/environment/jericho/games.ts";
import { readStory, type Story } from "../../src/environment/jericho/zmachine/story.ts";
import { recording } from "../../src/environment/testing/recordings.ts";

/** A game whose story file is there. */
export interface Stored {
  readonly facts: GameFacts;
  readonly story: Story;
}

/** The lines of a recording of Jericho. */
export function recorded<Line>(file: string): readonly Line[] {
  return recording(`jericho/${file}.jsonl.gz`)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Those games of a list whose story files are in a folder. */
export function storedGames(games: readonly GameFacts[], folder: string): readonly Stored[] {
  return games.flatMap((facts) => {
    const path = join(folder, facts.file);
    return existsSync(path) ? [{ facts, story: readStory(new Uint8Array(readFileSync(path)), path) }] : [];
  });
}
