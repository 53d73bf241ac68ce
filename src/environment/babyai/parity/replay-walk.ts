import * as z from "zod";
import type { Environment } from "../../environment.ts";
import { firstDifference } from "../../parity/first-difference.ts";
import type { ReplayRow, RowReport } from "../../parity/replay.ts";
import { createBabyaiEnvironment, type Scoring } from "../babyai-environment.ts";
import type { Label } from "../labels.ts";
import { generateLevel } from "../levels/generate-level.ts";
import { findLevel } from "../levels/level-list.ts";

const REWARD_TOLERANCE = 1e-12;

const walkRow = z.object({
  task_index: z.number().nullable(),
  level: z.number(),
  env_id: z.string(),
  seed: z.number(),
  labelled: z.boolean(),
  goal: z.string(),
  init_obs: z.string(),
  init_valid_actions: z.array(z.string()),
  steps: z.array(
    z.object({
      action: z.string(),
      observation: z.string(),
      reward: z.number(),
      done: z.boolean(),
      action_is_valid: z.boolean(),
      valid_actions: z.array(z.string()),
    }),
  ),
});

type WalkRow = z.infer<typeof walkRow>;

function startDifference(environment: Environment, recorded: WalkRow): string | undefined {
  const { observation, goal, validActions } = environment.reset();
  const { init_obs, init_valid_actions } = recorded;
  return firstDifference(
    { goal: recorded.goal, init_obs, init_valid_actions },
    { goal, init_obs: observation, init_valid_actions: validActions },
  );
}

function stepDifference(environment: Environment, recorded: WalkRow["steps"][number]): string | undefined {
  const { action, reward, ...rest } = recorded;
  const { observation, done, actionIsValid, validActions, progress } = environment.step(action);
  if (Math.abs(progress - reward) > REWARD_TOLERANCE) return `reward: recorded ${reward}, ours ${progress}`;
  return firstDifference(rest, {
    observation,
    done,
    action_is_valid: actionIsValid,
    valid_actions: validActions,
  });
}

function scoringOf({ labelled, task_index }: WalkRow, labels: readonly Label[] | undefined): Scoring {
  if (!labelled) return { code: "reward" };
  const label = task_index === null ? undefined : labels?.[task_index];
  if (label === undefined) throw new RangeError(`no label for task ${task_index}`);
  return { code: "labels", subgoals: label.subgoals };
}

function createEnvironment(row: WalkRow, labels: readonly Label[] | undefined): Environment {
  const found = findLevel(row.level);
  if (found === undefined) throw new RangeError(`no level has the number ${row.level}`);
  const scoring = scoringOf(row, labels);
  return createBabyaiEnvironment(generateLevel(found.level, row.seed), { rules: "agentboard", scoring });
}

/** The replay of recorded walks; those with labels need the label file. */
export function createWalkReplay(labels: readonly Label[] | undefined): ReplayRow {
  return (row): RowReport => {
    const recorded = walkRow.parse(row);
    const environment = createEnvironment(recorded, labels);
    const total = recorded.steps.length;
    const atStart = startDifference(environment, recorded);
    if (atStart !== undefined) return { equal: 0, total, difference: `at the start, ${atStart}` };
    for (const [i, step] of recorded.steps.entries()) {
      const difference = stepDifference(environment, step);
      if (difference !== undefined) return { equal: i, total, difference: `step ${i}, ${difference}` };
    }
    return { equal: total, total, difference: undefined };
  };
}
