import * as z from "zod";
import { parseProblem } from "../../../pddl/problem.ts";
import type { AgentboardFiles } from "../../agentboard-files.ts";
import type { Environment } from "../../environment.ts";
import { firstDifference } from "../../parity/first-difference.ts";
import type { ReplayRow, RowReport } from "../../parity/replay.ts";
import { GAMES } from "../games/games.ts";
import { createPddlEnvironment } from "../pddl-environment.ts";

const walkRow = z.object({
  game: z.string(),
  problem_file: z.string().regex(/^[\w-]+\.pddl$/),
  goal: z.string(),
  init_obs: z.string(),
  init_valid_actions_sorted: z.array(z.string()),
  steps: z.array(
    z.object({
      action: z.string(),
      observation: z.string(),
      reward: z.number(),
      done: z.boolean(),
      won: z.boolean(),
      action_is_valid: z.boolean(),
      valid_actions_sorted: z.array(z.string()),
    }),
  ),
});

type WalkRow = z.infer<typeof walkRow>;

function startDifference(environment: Environment, recorded: WalkRow): string | undefined {
  const { observation, goal, validActions } = environment.reset();
  const { init_obs, init_valid_actions_sorted } = recorded;
  return firstDifference(
    { goal: recorded.goal, init_obs, init_valid_actions_sorted },
    { goal, init_obs: observation, init_valid_actions_sorted: validActions },
  );
}

function stepDifference(environment: Environment, recorded: WalkRow["steps"][number]): string | undefined {
  const { action, ...rest } = recorded;
  const { observation, progress, done, success, actionIsValid, validActions } = environment.step(action);
  return firstDifference(rest, {
    observation,
    reward: progress,
    done,
    won: success,
    action_is_valid: actionIsValid,
    valid_actions_sorted: validActions,
  });
}

/** The replay of recorded walks and plans, on AgentBoard's problems. */
export function createPddlReplay(files: Pick<AgentboardFiles, "problem">): ReplayRow {
  return (row): RowReport => {
    const recorded = walkRow.parse(row);
    const total = recorded.steps.length;
    const game = GAMES.find(({ name }) => name === recorded.game);
    if (game === undefined) return { equal: 0, total, difference: `no game is called ${recorded.game}` };
    const file = recorded.problem_file;
    const text = files.problem(game.name, file);
    if (text === undefined) return { equal: 0, total, difference: `${game.name}/${file} is missing` };
    const environment = createPddlEnvironment(game, parseProblem(text, game.domain));
    const atStart = startDifference(environment, recorded);
    if (atStart !== undefined) return { equal: 0, total, difference: `at the start, ${atStart}` };
    for (const [i, step] of recorded.steps.entries()) {
      const difference = stepDifference(environment, step);
      if (difference !== undefined) return { equal: i, total, difference: `step ${i}, ${difference}` };
    }
    return { equal: total, total, difference: undefined };
  };
}
