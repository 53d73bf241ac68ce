import { readFileSync } from "node:fs";
import { openGame } from "../../src/environment/jericho/game-thread.ts";
import { GAMES, ZORKS } from "../../src/environment/jericho/games.ts";
import { answerWith } from "../support/child.ts";
import { clockWork } from "../support/work.ts";

// The first game of a process, with the start of its thread and of all that it loads.
await answerWith(async () => {
  const path = process.argv[2] ?? "";
  const facts = [...GAMES, ...ZORKS].find(({ file }) => path.endsWith(`/${file}`));
  if (facts === undefined) throw new Error(`${path} is no game`);
  const story = { facts, bytes: new Uint8Array(readFileSync(path)) };
  return await clockWork(() => openGame(story));
});
