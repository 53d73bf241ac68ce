import type { Move } from "../world/move.ts";
import { looksEqual, type View, viewOf } from "../world/view.ts";
import { type Answer, type Play, sceneOf } from "./play.ts";
import { copySimulation, type MoveResult, makeMove, type Simulation } from "./simulation.ts";

const COMPLETED = "\n The task is completed.";

function refuse(play: Play, observation: string): Answer {
  return { play: { ...play, actionIsValid: false }, observation };
}

interface Moved extends MoveResult {
  readonly view: View;
}

/** Makes moves until one does not change what is seen, even if it changed the world. */
function makeMoves(simulation: Simulation, moves: readonly Move[], before: View): Moved {
  let moved: Moved = { status: "continue", reward: 0, view: before };
  for (const move of moves) {
    const { view: previous } = moved;
    moved = { ...makeMove(simulation, move), view: viewOf(simulation.world) };
    if (looksEqual(previous, moved.view)) break;
  }
  return moved;
}

function execute(play: Play, moves: readonly Move[]): Answer {
  const simulation = copySimulation(play.simulation);
  const { status, reward, view } = makeMoves(simulation, moves, play.scene.view);
  const { world, check } = simulation;
  const scene = sceneOf(world, view, "agentboard");
  const ended = status !== "continue";
  const text = ended ? scene.observation + COMPLETED : scene.observation;
  const progress = play.progress.after({ observation: text, view, world, check, reward });
  // An end with little progress is taken for a shortcut and undone; full progress ends the episode anyway.
  const isComplete = progress.value === 1;
  const done = isComplete || (ended && progress.value > 0.5);
  const observation = isComplete && !ended ? text + COMPLETED : text;
  return {
    play: { simulation, scene, progress, done, success: done, actionIsValid: true },
    observation,
  };
}

/** One action under AgentBoard's rules. */
export function actAsAgentboard(play: Play, action: string): Answer {
  const text = action.toLowerCase().trim();
  const { actions, errors } = play.scene.listing;
  if (text.includes("check")) {
    const list = [...actions.keys()].join(", ");
    return {
      play: { ...play, actionIsValid: true },
      observation: `You can take the following actions: ${list}`,
    };
  }
  if (text === "") return refuse(play, "No change in state.");
  const moves = actions.get(text);
  if (moves === undefined) {
    return refuse(play, errors.get(text) ?? "The action is not recognized. Please check valid actions.");
  }
  // Validity stays as the action before left it: the original forgets to set it here.
  if (moves.length === 0) return { play, observation: "No change in state." };
  return execute(play, moves);
}
