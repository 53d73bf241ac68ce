import { basename, dirname } from "node:path";
import { Game } from "../../src/environment/jericho/game.ts";
import { GAMES, ZORKS } from "../../src/environment/jericho/games.ts";
import { answerWith } from "../support/child.ts";
import { clockWork } from "../support/work.ts";
import { recorded, storedGames } from "./jericho-games.ts";

/** A game is played for about this long, but all its walks at least once. */
const PLAY_MS = 500;

interface Walk {
  readonly game: string;
  readonly seed: number;
  readonly steps: readonly { readonly action: string }[];
}

// The steps of a CPU second that the recorded walks of one game take, once it has been played for a while.
await answerWith(async () => {
  const [path = "", recording = ""] = process.argv.slice(2);
  const facts = [...GAMES, ...ZORKS].filter(({ file }) => file === basename(path));
  const [stored] = storedGames(facts, dirname(path));
  if (stored === undefined) throw new Error(`${path} is no game`);
  const walks = recorded<Walk>(recording).filter(({ game }) => game === stored.facts.file);
  const playAll = (): number => {
    let steps = 0;
    const before = process.cpuUsage();
    do {
      for (const walk of walks) {
        const game = new Game(stored.story, stored.facts, walk.seed);
        game.start();
        for (const { action } of walk.steps) game.step(action);
        steps += walk.steps.length;
      }
    } while (process.cpuUsage(before).user / 1000 < PLAY_MS);
    return steps;
  };
  playAll();
  globalThis.gc?.();
  let steps = 0;
  const { cpu } = await clockWork(() => {
    steps = playAll();
  });
  return (steps * 1000) / cpu;
});
