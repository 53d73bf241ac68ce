import { basename, dirname } from "node:path";
import { Game } from "../../src/environment/jericho/game.ts";
import { GAMES, ZORKS } from "../../src/environment/jericho/games.ts";
import { answerWith } from "../support/child.ts";
import { clockWork } from "../support/work.ts";
import { recorded, storedGames } from "./jericho-games.ts";

/** A game is played for about this long at first, but all its walks at least once, then this long before it counts. */
const FIRST_MS = 1000;
const MORE_MS = 1500;

/** Steps of a CPU second: of a process's first second, compiling included, and once it has been played for a while. */
export interface Pace {
  readonly first: number;
  readonly later: number;
}

interface Walk {
  readonly game: string;
  readonly seed: number;
  readonly steps: readonly { readonly action: string }[];
}

await answerWith(async () => {
  const [path = "", recording = ""] = process.argv.slice(2);
  const facts = [...GAMES, ...ZORKS].filter(({ file }) => file === basename(path));
  const [stored] = storedGames(facts, dirname(path));
  if (stored === undefined) throw new Error(`${path} is no game`);
  const walks = recorded<Walk>(recording).filter(({ game }) => game === stored.facts.file);
  const play = async (long: number): Promise<number> => {
    let steps = 0;
    const { cpu } = await clockWork(() => {
      const before = process.cpuUsage();
      do {
        for (const walk of walks) {
          const game = new Game(stored.story, stored.facts, walk.seed);
          game.start();
          for (const { action } of walk.steps) game.step(action);
          steps += walk.steps.length;
        }
      } while (process.cpuUsage(before).user / 1000 < long);
    });
    return (steps * 1000) / cpu;
  };
  const first = await play(FIRST_MS);
  await play(MORE_MS);
  globalThis.gc?.();
  return { first, later: await play(FIRST_MS) } satisfies Pace;
});
