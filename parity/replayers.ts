import * as z from "zod";
import type { AgentboardFiles } from "../src/environment/agentboard-files.ts";
import { createBabyaiWorld, type Scoring, scoreByLabels } from "../src/environment/babyai/babyai-world.ts";
import { type Label, readLabels } from "../src/environment/babyai/labels.ts";
import { generateLevel } from "../src/environment/babyai/levels/generate-level.ts";
import { LEVELS } from "../src/environment/babyai/levels/level-list.ts";
import type { Progress } from "../src/environment/babyai/play/progress.ts";
import { labelsIn } from "../src/environment/labels.ts";
import { games } from "../src/environment/pddl/games.ts";
import { createPddlWorld } from "../src/environment/pddl/pddl-world.ts";
import type { PureWorld } from "../src/environment/world.ts";
import { parseProblem } from "../src/pddl/problem.ts";
import { alfworldReplayers } from "./alfworld.ts";
import { replayGridHash, replayGridText } from "./grid.ts";
import { hotpotqaReplayers } from "./hotpotqa.ts";
import { jerichoReplayers } from "./jericho.ts";
import { replayRandom } from "./random.ts";
import type { Replayer, ReplayRow } from "./replay.ts";
import { scienceworldReplayers } from "./scienceworld.ts";
import { replayWalk } from "./walk.ts";

const babyaiRow = z.object({
  task_index: z.number().nullable(),
  level: z.number(),
  seed: z.number(),
  labelled: z.boolean(),
});

function rewardProgress(value = 0): Progress {
  return { value, after: ({ reward }) => rewardProgress(reward) };
}

/** AgentBoard's progress without labels: the grid world's reward, which is kept from no action to the next. */
export const scoreByReward: Scoring = () => rewardProgress();

/** Opens the level of a recorded row; those with labels need the label file. */
function openBabyai(row: unknown, labels: readonly Label[] | undefined): PureWorld | string {
  const { level, seed, labelled, task_index } = babyaiRow.parse(row);
  const found = LEVELS[level - 1];
  if (found === undefined) return `no level has the number ${level}`;
  const label = labelled && task_index !== null ? labels?.[task_index] : undefined;
  if (labelled && label === undefined) return `there is no label for task ${task_index}`;
  return createBabyaiWorld(generateLevel(found.level, seed), {
    rules: "agentboard",
    scoring: label === undefined ? scoreByReward : scoreByLabels(label.subgoals),
  });
}

const pddlRow = z.object({ game: z.string(), problem_file: z.string().regex(/^[\w-]+\.pddl$/) });

function openPddl(row: unknown, files: Pick<AgentboardFiles, "problem">): PureWorld | string {
  const { game: name, problem_file: file } = pddlRow.parse(row);
  const game = games().find((each) => each.name === name);
  if (game === undefined) return `no game is called ${name}`;
  const text = files.problem(game.name, file);
  if (text === undefined) return `${game.name}/${file} is missing`;
  return createPddlWorld(game, parseProblem(text, game.domain));
}

/** The replay of recorded walks and plans, on AgentBoard's problems. */
export function pddlReplay(files: Pick<AgentboardFiles, "problem">): ReplayRow {
  return (row) => replayWalk(row, (each) => openPddl(each, files));
}

/**
 * How to replay each known recording, by its path in the folder of recordings.
 * @throws AgentRefineError when AgentBoard's files are there but of no use.
 */
export async function createReplayers(
  files: AgentboardFiles,
  folder: string,
): Promise<ReadonlyMap<string, Replayer>> {
  const ready = (unit: string, replayRow: ReplayRow): Replayer => ({ code: "ready", unit, replayRow });
  const file = files.labels("babyai");
  const labels = file === undefined ? undefined : labelsIn(readLabels(file));
  const babyai = ready("steps", (row) => replayWalk(row, (each) => openBabyai(each, labels)));
  const labelled: Replayer =
    labels === undefined
      ? { code: "unavailable", reason: "needs AgentBoard's labels of BabyAI (--agentboard DIR)" }
      : babyai;
  const pddl: Replayer =
    files.problem("gripper", "prob01.pddl") === undefined
      ? { code: "unavailable", reason: "needs AgentBoard's PDDL problems (--agentboard DIR)" }
      : ready("steps", pddlReplay(files));
  return new Map([
    ["rng/pcg64.jsonl.gz", ready("fields", replayRandom)],
    ["babyai/grids.jsonl.gz", ready("grids", replayGridHash)],
    ["babyai/grids-text.jsonl.gz", ready("grids", replayGridText)],
    ["babyai/walks-labelled.jsonl.gz", labelled],
    ["babyai/solved.jsonl.gz", labelled],
    ["babyai/walks-unlabelled.jsonl.gz", babyai],
    ["babyai/walks-errors.jsonl.gz", babyai],
    ["pddl/walks.jsonl.gz", pddl],
    ["pddl/plans.jsonl.gz", pddl],
    ...alfworldReplayers(folder),
    ...hotpotqaReplayers(folder),
    ...jerichoReplayers(folder),
    ...(await scienceworldReplayers(files)),
  ]);
}
