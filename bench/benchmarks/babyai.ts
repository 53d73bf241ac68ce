import { scoreByReward } from "../../parity/replayers.ts";
import {
  type BabyaiOptions,
  createBabyaiWorld,
  scoreByLabels,
} from "../../src/environment/babyai/babyai-world.ts";
import { type Label, readLabels } from "../../src/environment/babyai/labels.ts";
import { type GeneratedLevel, generateLevel } from "../../src/environment/babyai/levels/generate-level.ts";
import { LEVELS } from "../../src/environment/babyai/levels/level-list.ts";
import { labelsIn } from "../../src/environment/labels.ts";
import { hasLabels, hasRecordings, labelFile, recording } from "../../src/environment/testing/recordings.ts";
import { alternate } from "../support/alternate.ts";
import { atLeast, type Benchmark, notMeasured } from "../support/benchmark.ts";
import { clockWork } from "../support/work.ts";

/** Steps a second that the original (Minigrid 2.3.0 with AgentBoard's wrapper) made on two cores of this kind. */
const ORIGINAL_STEPS = 503;
const GOAL_STEPS = 5_000;
const RECORDINGS = ["walks-labelled", "walks-unlabelled", "walks-errors", "solved"];

interface Walk {
  readonly level: number;
  readonly seed: number;
  readonly options: BabyaiOptions;
  readonly actions: readonly string[];
}

interface RecordedWalk {
  readonly level: number;
  readonly seed: number;
  readonly task_index: number | null;
  readonly steps: readonly { readonly action: string }[];
}

function toWalk({ level, seed, task_index, steps }: RecordedWalk, labels: readonly Label[]): Walk {
  const label = task_index === null ? undefined : labels[task_index];
  return {
    level,
    seed,
    options: {
      rules: "agentboard",
      scoring: label === undefined ? scoreByReward : scoreByLabels(label.subgoals),
    },
    actions: steps.map(({ action }) => action),
  };
}

function recordedWalks(quick: boolean): readonly Walk[] {
  const labels = labelsIn(readLabels(labelFile()));
  const lines = RECORDINGS.flatMap((name) => recording(`babyai/${name}.jsonl.gz`).trim().split("\n"));
  return lines
    .filter((_, place) => !quick || place % 10 === 0)
    .map((line) => toWalk(JSON.parse(line), labels));
}

function generate({ level, seed }: Walk): GeneratedLevel {
  const found = LEVELS[level - 1];
  if (found === undefined) throw new Error(`no level has the number ${level}`);
  return generateLevel(found.level, seed);
}

function replay(walk: Walk, generated: GeneratedLevel): void {
  const world = createBabyaiWorld(generated, walk.options);
  world.reset();
  for (const action of walk.actions) {
    world.step(action);
    world.actions();
  }
}

/** BabyAI with AgentBoard's wrapper on the recorded walks. */
export const babyai: Benchmark = {
  name: "babyai",
  question: "How many steps a second does BabyAI make, with AgentBoard's text and listing of actions?",
  async run({ quick, progress }) {
    if (!hasRecordings || !hasLabels) {
      return notMeasured(
        "the recordings in ../shared/parity and AgentBoard's labels in ../shared/agentboard",
      );
    }
    const walks = recordedWalks(quick);
    const levels = walks.map(generate);
    const steps = walks.reduce((sum, { actions }) => sum + actions.length, 0);
    const arm = (name: string, amount: number, work: () => void) => ({
      name,
      measure: async () => (amount / (await clockWork(work)).wall) * 1000,
    });
    const results = await alternate(
      [
        arm("steps, worlds generated before", steps, () => {
          walks.forEach((walk, place) => {
            const generated = levels[place];
            if (generated !== undefined) replay(walk, generated);
          });
        }),
        arm("steps, worlds generated too", steps, () => {
          for (const walk of walks) replay(walk, generate(walk));
        }),
        arm("worlds generated", walks.length, () => {
          for (const walk of walks) generate(walk);
        }),
      ],
      { rounds: quick ? 1 : 9, progress },
    );
    const slowest = results[1]?.spread((rate) => rate).median ?? Number.NaN;
    return {
      method: `${walks.length} recorded walks of ${steps} actions replayed on one thread, all observations and listings made; the original made ${ORIGINAL_STEPS} steps a second (a figure from elsewhere, not of this run).`,
      columns: [
        { title: "a second", digits: 0 },
        { title: "times the original", digits: 1 },
      ],
      rows: results.map(({ name, spread }, place) => ({
        name,
        figures: [spread((rate) => rate), place < 2 ? spread((rate) => rate / ORIGINAL_STEPS) : null],
      })),
      goals: [atLeast("steps a second, worlds generated too,", slowest, GOAL_STEPS)],
      packages: [],
    };
  },
};
