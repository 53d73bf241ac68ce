import { createPlanner } from "../../pddl/plan.ts";
import { type GameFile, olderCommand } from "./games.ts";
import { createSimulator, type Game } from "./simulator.ts";

/** States that the planner looks at; a room of ALFWorld takes some hundreds. */
const MOST_STATES = 5_000;

/** The walkthrough that comes with a game, up to the goal; undefined when it does not get there. */
function walkthrough(game: Game, commands: readonly string[]): readonly string[] | undefined {
  const simulator = createSimulator(game);
  simulator.reset();
  const end = commands.findIndex((command) => simulator.step(command).won);
  return end < 0 ? undefined : commands.slice(0, end + 1);
}

function plan(game: Game): readonly string[] | undefined {
  const { problem } = game;
  const { plan: actions } = createPlanner(problem).findPlan(problem.initial, problem.goal, {
    nodes: MOST_STATES,
  });
  const simulator = createSimulator(game);
  simulator.reset();
  return actions?.flatMap((action) => {
    const command = simulator.commandOf(action);
    if (command === undefined) return [];
    simulator.step(command);
    return [command];
  });
}

/** Commands that reach the goal of a game: its walkthrough, or else what the planner finds. */
export function solveGame(game: Game, file: GameFile): readonly string[] | undefined {
  const told = file.walkthrough?.map(olderCommand);
  return (told && walkthrough(game, told)) ?? plan(game);
}
