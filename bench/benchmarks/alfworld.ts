import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type OpenRecorded, recordedGames } from "../../parity/alfworld.ts";
import { createSimulator } from "../../src/environment/alfworld/simulator.ts";
import { SHARED } from "../../src/testing/shared.ts";
import { type Arm, alternate } from "../support/alternate.ts";
import { atLeast, type Benchmark, notMeasured } from "../support/benchmark.ts";
import { clockWork } from "../support/work.ts";

const RECORDINGS = `${SHARED}/parity`;
const LOGIC = `${SHARED}/alfworld/logic`;
/** A small room, the public scene, and two full kitchens; in AgentBoard's wording but for the last. */
const GAMES: readonly string[] = ["public-000", "real-old", "public-047", "public-059"];
/** Steps with listing, and games opened, a CPU second that the original made over four games of the recordings. */
const ORIGINAL_STEPS = 24.4;
const ORIGINAL_GAMES = 1.1;
const TIMES_FASTER = 100;

interface Walk {
  readonly game: string;
  readonly actions: readonly string[];
}

interface RecordedWalk {
  readonly game: string;
  readonly steps: readonly { readonly action: string }[];
}

function recordedWalks(): readonly Walk[] {
  return ["walks", "solved"].flatMap((name) => {
    const text = gunzipSync(readFileSync(`${RECORDINGS}/alfworld/${name}.jsonl.gz`)).toString("utf8");
    return text
      .trim()
      .split("\n")
      .map((line): RecordedWalk => JSON.parse(line))
      .filter(({ game }) => GAMES.includes(game))
      .map(({ game, steps }) => ({ game, actions: steps.map(({ action }) => action) }));
  });
}

/** Measures how many of `amount` things a second of processor time the work does. */
function rate(name: string, amount: number, work: () => void): Arm<number> {
  return { name, measure: async () => (amount / (await clockWork(work)).cpu) * 1000 };
}

function stepsArm(open: OpenRecorded, passes: number): Arm<number> {
  const walks = recordedWalks().map(({ game, actions }) => ({
    simulator: createSimulator(open(game)),
    actions,
  }));
  const steps = walks.reduce((sum, { actions }) => sum + actions.length, 0);
  return rate("steps with listing", steps * passes, () => {
    for (let pass = 0; pass < passes; pass += 1) {
      for (const { simulator, actions } of walks) {
        simulator.reset();
        for (const action of actions) {
          simulator.step(action);
          simulator.admissible();
        }
      }
    }
  });
}

function openingArm(open: OpenRecorded, passes: number): Arm<number> {
  return rate("games opened", GAMES.length * passes, () => {
    for (let pass = 0; pass < passes; pass += 1) {
      for (const game of GAMES) {
        const simulator = createSimulator(open(game));
        simulator.reset();
        simulator.admissible();
      }
    }
  });
}

/** ALFWorld's simulator on four recorded games. */
export const alfworld: Benchmark = {
  name: "alfworld",
  question:
    "How many steps with their listing does ALFWorld make in a CPU second, and how many games does it open?",
  async run({ quick, progress }) {
    if (!existsSync(`${RECORDINGS}/alfworld/games.jsonl.gz`) || !existsSync(LOGIC)) {
      return notMeasured("the recordings in ../shared/parity and the games' logic in ../shared/alfworld");
    }
    const open = recordedGames(RECORDINGS, LOGIC);
    const arms = [stepsArm(open, quick ? 1 : 10), openingArm(open, quick ? 2 : 40)];
    const results = await alternate(arms, { rounds: quick ? 1 : 9, progress });
    const originals = [ORIGINAL_STEPS, ORIGINAL_GAMES];
    const median = (place: number): number => results[place]?.spread((x) => x).median ?? 0;
    return {
      method: `the recorded walks and solutions of ${GAMES.join(", ")} on one thread, every step with the sorted list of commands; a game is opened when its domain, problem and grammar are read, its introduction is written and the first commands are listed; the original made ${ORIGINAL_STEPS} steps and opened ${ORIGINAL_GAMES} games a CPU second (figures from elsewhere, not of this run).`,
      columns: [
        { title: "a CPU second", digits: 0 },
        { title: "times the original", digits: 0 },
      ],
      rows: results.map(({ name, spread }, place) => ({
        name,
        figures: [spread((figure) => figure), spread((figure) => figure / (originals[place] ?? 1))],
      })),
      goals: [
        atLeast("steps with listing a CPU second", median(0), ORIGINAL_STEPS * TIMES_FASTER),
        atLeast("games opened a CPU second", median(1), ORIGINAL_GAMES * TIMES_FASTER),
      ],
      packages: [],
    };
  },
};
