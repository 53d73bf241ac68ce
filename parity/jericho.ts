import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { Game } from "../src/environment/jericho/game.ts";
import { GAMES, type GameFacts, ZORKS } from "../src/environment/jericho/games.ts";
import { readStory } from "../src/environment/jericho/zmachine/story.ts";
import { firstDifference, type Replayer, type ReplayRow, type RowReport } from "./replay.ts";

const gameRow = z.object({
  game: z.string().regex(/^\w+\.z\d$/),
  md5: z.string(),
  seed: z.number(),
  init_observation: z.string(),
  init_score: z.number(),
  init_moves: z.number(),
  steps: z.array(
    z.object({
      action: z.string(),
      raw_observation: z.string(),
      observation: z.string().optional(),
      score: z.number(),
      moves: z.number(),
      game_over: z.boolean(),
      victory: z.boolean(),
    }),
  ),
});

type GameRow = z.infer<typeof gameRow>;

/** Opens the recorded game, or says why it cannot. */
function openRecorded({ game: file, md5, seed }: GameRow, folder: string): Game | string {
  const facts: GameFacts | undefined = [...GAMES, ...ZORKS].find((each) => each.md5 === md5);
  const path = join(folder, file);
  if (facts === undefined) return `nothing is known of ${file} (MD5 ${md5})`;
  if (!existsSync(path)) return `${path} is missing`;
  return new Game(readStory(new Uint8Array(readFileSync(path)), path), facts, seed);
}

/**
 * Replays recorded games: texts are compared as they are. The release of the three Zorks of the public sources is
 * unknown to Jericho, whose texts are then not cleaned: `observation` is the text as it cleans the other release's.
 */
function replayGame(folder: string): ReplayRow {
  return (row): RowReport => {
    const recorded = gameRow.parse(row);
    const total = recorded.steps.length;
    const game = openRecorded(recorded, folder);
    if (typeof game === "string") return { equal: 0, total, difference: game };
    const start = game.start();
    const isCleaned = recorded.steps.every(({ observation }) => observation === undefined);
    const atStart = firstDifference(
      {
        score: recorded.init_score,
        moves: recorded.init_moves,
        ...(isCleaned ? { text: recorded.init_observation } : {}),
      },
      { ...start },
    );
    if (atStart !== undefined) return { equal: 0, total, difference: `at the start, ${atStart}` };
    for (const [i, { action, raw_observation, observation, ...rest }] of recorded.steps.entries()) {
      const { text, score, moves, won, lost } = game.step(action);
      const difference = firstDifference(
        { text: observation ?? raw_observation, ...rest },
        { text, score, moves, game_over: lost, victory: won },
      );
      if (difference !== undefined) return { equal: i, total, difference: `step ${i}, ${difference}` };
    }
    return { equal: total, total, difference: undefined };
  };
}

function replayerIn(folder: string | undefined, names: readonly GameFacts[], need: string): Replayer {
  if (folder === undefined || !names.some(({ file }) => existsSync(join(folder, file)))) {
    return { code: "unavailable", reason: need };
  }
  return { code: "ready", unit: "steps", replayRow: replayGame(folder) };
}

/**
 * The replayers of Jericho: the twenty games in the folder that AGENTREFINE_JERICHO names, the three Zorks of the
 * public source release in the folder `stories` beside the recordings.
 */
export function jerichoReplayers(recordings: string): ReadonlyMap<string, Replayer> {
  const games = process.env.AGENTREFINE_JERICHO;
  return new Map<string, Replayer>([
    [
      "jericho/valid-actions.jsonl.gz",
      {
        code: "unavailable",
        reason: "lists are measured by recall and precision: npm run bench -- jericho-lists",
      },
    ],
    [
      "jericho/games.jsonl.gz",
      replayerIn(games, GAMES, "needs the twenty story files (AGENTREFINE_JERICHO names their folder)"),
    ],
    [
      "jericho/zork-mit.jsonl.gz",
      replayerIn(
        join(recordings, "..", "stories"),
        ZORKS,
        "needs zork1.z3, zork2.z3 and zork3.z3 in ../stories",
      ),
    ],
  ]);
}
