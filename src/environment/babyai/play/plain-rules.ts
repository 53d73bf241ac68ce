import { CHECK_ACTIONS } from "../text/listing.ts";
import { isPassable, type Move } from "../world/move.ts";
import { viewOf } from "../world/view.ts";
import { cellAt, frontX, frontY, type World } from "../world/world.ts";
import { type Answer, type Play, sceneOf } from "./play.ts";
import { copySimulation, judge, type MoveResult, makeMove, type Simulation } from "./simulation.ts";

const ENDINGS = {
  success: "\n The task is completed.",
  failure: "\n The task can no longer be completed.",
  continue: "",
} as const;

/** The action as it stands in the listing: small letters, single blanks, "pickup", no full stop. */
function normalise(action: string): string {
  const text = action.toLowerCase().replace(/\s+/g, " ").trim().replace(/\.$/, "").trimEnd();
  if (text === "check valid actions") return CHECK_ACTIONS;
  return text.replace(/^pick up /, "pickup ");
}

function isBlocked(world: World, move: Move): boolean {
  return move === "forward" && !isPassable(world, cellAt(world, frontX(world), frontY(world)));
}

/**
 * Makes moves until the mission has ended or the way is blocked. An action without moves means that its
 * place is reached already, which may be all that the mission wants.
 */
function makeMoves(simulation: Simulation, moves: readonly Move[]): MoveResult {
  if (moves.length === 0) return judge(simulation, "forward");
  let result: MoveResult = { status: "continue", reward: 0 };
  for (const move of moves) {
    if (isBlocked(simulation.world, move)) break;
    result = makeMove(simulation, move);
    if (result.status !== "continue") break;
  }
  return result;
}

function execute(play: Play, moves: readonly Move[]): Answer {
  const simulation = copySimulation(play.simulation);
  const { status, reward } = makeMoves(simulation, moves);
  const { world, check } = simulation;
  const view = viewOf(world);
  const scene = sceneOf(world, view, "plain");
  const progress = play.progress.after({ observation: scene.observation, view, world, check, reward });
  const success = status === "success";
  return {
    play: { simulation, scene, progress, done: status !== "continue", success, actionIsValid: true },
    observation: scene.observation + ENDINGS[status],
  };
}

/** One action under the fixed rules. */
export function actPlainly(play: Play, action: string): Answer {
  const text = normalise(action);
  const { actions, errors } = play.scene.listing;
  if (text === CHECK_ACTIONS) {
    const observation = `You can take the following actions: ${[...actions.keys()].join(", ")}`;
    return { play: { ...play, actionIsValid: true }, observation };
  }
  const moves = actions.get(text);
  if (moves !== undefined) return execute(play, moves);
  const observation = errors.get(text) ?? "The action is not recognized. Please check valid actions.";
  return { play: { ...play, actionIsValid: false }, observation };
}
