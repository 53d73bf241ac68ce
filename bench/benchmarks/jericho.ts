import { existsSync } from "node:fs";
import { join } from "node:path";
import { Game } from "../../src/environment/jericho/game.ts";
import { GAMES, ZORKS } from "../../src/environment/jericho/games.ts";
import { readStory } from "../../src/environment/jericho/zmachine/story.ts";
import { hasRecordings } from "../../src/environment/testing/recordings.ts";
import { SHARED } from "../../src/testing/shared.ts";
import { type Arm, alternate } from "../support/alternate.ts";
import { atLeast, atMost, type Benchmark, notMeasured } from "../support/benchmark.ts";
import { runChild } from "../support/child.ts";
import { clockWork, type WorkTime } from "../support/work.ts";
import { type Stored, storedGames } from "./jericho-games.ts";
import type { Pace } from "./jericho-steps.ts";

/** Steps a second that libfrotz made in Zork I, on two cores of this kind. */
const ORIGINAL_STEPS = 4288;
const START_MS = 100;
const PUBLIC_STORIES = `${SHARED}/stories`;

/**
 * Steps a CPU second of a game, its starts included, in a process that plays no other, as an evaluation's threads do.
 */
function stepsArm({ facts }: Stored, folder: string, recording: string): Arm<Pace> {
  return {
    name: `steps, ${facts.file}`,
    measure: () => runChild<Pace>("benchmarks/jericho-steps.js", [join(folder, facts.file), recording]),
  };
}

/** The game that takes longest to begin in a process that has played it; all that was decoded of it is forgotten. */
async function slowestStart(games: readonly Stored[]): Promise<{ name: string; time: WorkTime }> {
  let slowest = { name: "", time: { cpu: 0, wall: 0 } };
  for (const { facts, story } of games) {
    const time = await clockWork(() => new Game(readStory(story.bytes, facts.file), facts).start());
    if (time.cpu > slowest.time.cpu) slowest = { name: facts.file, time };
  }
  return slowest;
}

/** Jericho's games on our own Z-machine: how fast they are played and begin. */
export const jericho: Benchmark = {
  name: "jericho",
  question: "How many steps a second do Jericho's games make, and how fast do they begin?",
  async run({ quick, progress }) {
    if (!hasRecordings || !existsSync(PUBLIC_STORIES)) {
      return notMeasured("the recordings in ../shared/parity and the story files in ../shared/stories");
    }
    const folder = process.env.AGENTREFINE_JERICHO;
    const zorks = storedGames(ZORKS, PUBLIC_STORIES);
    const games = folder === undefined ? [] : storedGames(GAMES, folder);
    const arms = [
      ...zorks.map((game) => stepsArm(game, PUBLIC_STORIES, "zork-mit")),
      ...games.map((game) => stepsArm(game, folder ?? "", "games")),
    ];
    const results = await alternate(arms, { rounds: quick ? 1 : 3, warmUp: false, progress });
    const steps = results.map(({ name, spread }) => ({
      name,
      spread: spread(({ later }) => later),
      first: spread(({ first }) => first),
    }));
    const slowest = steps.reduce((one, other) => (other.spread.median < one.spread.median ? other : one));
    const start = await slowestStart([...zorks, ...games]);
    const path = join(PUBLIC_STORIES, zorks[0]?.facts.file ?? "");
    const first = await runChild<WorkTime>("benchmarks/jericho-start.js", [path]);
    return {
      method: `Recorded walks replayed on one thread, starts included, each game in a process of its own that has played it for two seconds and more; libfrotz made ${ORIGINAL_STEPS} steps a second in Zork I (a figure from elsewhere). CPU time, which a machine that does other work stretches too. The slowest game is ${slowest.name.replace("steps, ", "")}. The first start of a process brings its thread with it, which an evaluation starts ahead.`,
      columns: [
        { title: "steps a CPU second", digits: 0 },
        { title: "CPU ms", digits: 1 },
        { title: "ms", digits: 1 },
      ],
      rows: [
        ...steps.map(({ name, spread }) => ({ name, figures: [spread, null, null] })),
        { name: "Zork I, the first second of a process", figures: [steps[0]?.first ?? null, null, null] },
        { name: `slowest start, ${start.name}`, figures: [null, start.time.cpu, start.time.wall] },
        { name: "first start of a process, Zork I", figures: [null, first.cpu, first.wall] },
      ],
      goals: [
        atLeast("steps a CPU second in Zork I", steps[0]?.spread.median ?? 0, ORIGINAL_STEPS),
        atMost("CPU milliseconds of the slowest start", start.time.cpu, START_MS),
        atMost("CPU milliseconds of a process's first start", first.cpu, START_MS),
      ],
      packages: [],
    };
  },
};
