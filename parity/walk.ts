import * as z from "zod";
import type { PureWorld } from "../src/environment/world.ts";
import { firstDifference, type RowReport } from "./replay.ts";

/** How far a recorded reward may be from ours: the originals add their shares up in another order. */
const REWARD_TOLERANCE = 1e-12;

/** What can be done is recorded in the order of the original or, where that changes from run to run, sorted. */
const walkRow = z.object({
  goal: z.string(),
  init_obs: z.string(),
  init_valid_actions: z.array(z.string()).optional(),
  init_valid_actions_sorted: z.array(z.string()).optional(),
  steps: z.array(
    z.object({
      action: z.string(),
      observation: z.string(),
      reward: z.number(),
      done: z.boolean(),
      won: z.boolean().optional(),
      action_is_valid: z.boolean(),
      valid_actions: z.array(z.string()).optional(),
      valid_actions_sorted: z.array(z.string()).optional(),
    }),
  ),
});

type WalkRow = z.infer<typeof walkRow>;

function startDifference(world: PureWorld, row: WalkRow): string | undefined {
  const { steps, ...recorded } = row;
  const { observation, goal } = world.reset();
  return firstDifference(recorded, {
    goal,
    init_obs: observation,
    init_valid_actions: world.actions(),
    init_valid_actions_sorted: world.actions(),
  });
}

function stepDifference(world: PureWorld, recorded: WalkRow["steps"][number]): string | undefined {
  const { action, reward, ...rest } = recorded;
  const { observation, ending, understood, scores } = world.step(action);
  const { progress = 0 } = scores;
  if (Math.abs(progress - reward) > REWARD_TOLERANCE) return `reward: recorded ${reward}, ours ${progress}`;
  return firstDifference(rest, {
    observation,
    done: ending !== undefined,
    won: ending === "success",
    action_is_valid: understood,
    valid_actions: world.actions(),
    valid_actions_sorted: world.actions(),
  });
}

/**
 * Replays a recorded walk through the world that `open` makes of its row, and compares every recorded field of every
 * step. `open` may say instead why there is no such world.
 */
export function replayWalk(row: unknown, open: (row: unknown) => PureWorld | string): RowReport {
  const recorded = walkRow.parse(row);
  const total = recorded.steps.length;
  const world = open(row);
  if (typeof world === "string") return { equal: 0, total, difference: world };
  const atStart = startDifference(world, recorded);
  if (atStart !== undefined) return { equal: 0, total, difference: `at the start, ${atStart}` };
  for (const [i, step] of recorded.steps.entries()) {
    const difference = stepDifference(world, step);
    if (difference !== undefined) return { equal: i, total, difference: `step ${i}, ${difference}` };
  }
  return { equal: total, total, difference: undefined };
}
