import { CHECK_ACTIONS } from "../text/listing.ts";
import { looksEqual, type View, viewOf } from "../world/view.ts";
import { cellAt, frontX, frontY, isPassable, type Move } from "../world/world.ts";
import {
  type Answer,
  copySimulation,
  judge,
  type MoveResult,
  makeMove,
  type Play,
  type Rules,
  type Simulation,
  sceneOf,
} from "./play.ts";

const COMPLETED = "\n The task is completed.";
const ENDINGS = {
  success: COMPLETED,
  failure: "\n The task can no longer be completed.",
  continue: "",
} as const;

function answered(play: Play, observation: string, actionIsValid: boolean): Answer {
  return { play: { ...play, actionIsValid }, observation };
}

function listed(play: Play): Answer {
  const list = [...play.scene.listing.actions.keys()].join(", ");
  return answered(play, `You can take the following actions: ${list}`, true);
}

/** Why an action cannot be done; `text` is no action of the listing. */
function refused(play: Play, text: string): Answer {
  const { errors } = play.scene.listing;
  return answered(
    play,
    errors.get(text) ?? "The action is not recognized. Please check valid actions.",
    false,
  );
}

interface Moved extends MoveResult {
  readonly view: View;
}

/** Makes moves until one does not change what is seen, even if it changed the world. */
function moveWhileSeen(simulation: Simulation, moves: readonly Move[], before: View): Moved {
  let moved: Moved = { status: "continue", reward: 0, view: before };
  for (const move of moves) {
    const { view: previous } = moved;
    moved = { ...makeMove(simulation, move), view: viewOf(simulation.world) };
    if (looksEqual(previous, moved.view)) break;
  }
  return moved;
}

function executeAsAgentboard(play: Play, moves: readonly Move[]): Answer {
  const simulation = copySimulation(play.simulation);
  const { status, reward, view } = moveWhileSeen(simulation, moves, play.scene.view);
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

function actAsAgentboard(play: Play, action: string): Answer {
  const text = action.toLowerCase().trim();
  if (text.includes("check")) return listed(play);
  if (text === "") return answered(play, "No change in state.", false);
  const moves = play.scene.listing.actions.get(text);
  if (moves === undefined) return refused(play, text);
  // Validity stays as the action before left it: the original forgets to set it here.
  if (moves.length === 0) return { play, observation: "No change in state." };
  return executeAsAgentboard(play, moves);
}

/** The action as it stands in the listing: small letters, single blanks, "pickup", no full stop. */
function normalise(action: string): string {
  const text = action.toLowerCase().replace(/\s+/g, " ").trim().replace(/\.$/, "").trimEnd();
  if (text === "check valid actions") return CHECK_ACTIONS;
  return text.replace(/^pick up /, "pickup ");
}

/**
 * Makes moves until the mission has ended or the way is blocked. An action without moves means that its
 * place is reached already, which may be all that the mission wants.
 */
function moveWhileFree(simulation: Simulation, moves: readonly Move[]): MoveResult {
  const { world } = simulation;
  if (moves.length === 0) return judge(simulation, "forward");
  let result: MoveResult = { status: "continue", reward: 0 };
  for (const move of moves) {
    const ahead = cellAt(world, frontX(world), frontY(world));
    if (move === "forward" && !isPassable(world, ahead)) break;
    result = makeMove(simulation, move);
    if (result.status !== "continue") break;
  }
  return result;
}

function actPlainly(before: Play, action: string): Answer {
  const asked = normalise(action);
  if (asked === CHECK_ACTIONS) return listed(before);
  const moves = before.scene.listing.actions.get(asked);
  if (moves === undefined) return refused(before, asked);
  const simulation = copySimulation(before.simulation);
  const { status, reward } = moveWhileFree(simulation, moves);
  const { world, check } = simulation;
  const view = viewOf(world);
  const scene = sceneOf(world, view, "plain");
  const progress = before.progress.after({ observation: scene.observation, view, world, check, reward });
  const [done, success] = [status !== "continue", status === "success"];
  return {
    play: { simulation, scene, progress, done, success, actionIsValid: true },
    observation: scene.observation + ENDINGS[status],
  };
}

/** One action under the given rules; `play` stays as it is. */
export function actInBabyai(play: Play, action: string, rules: Rules): Answer {
  return rules === "agentboard" ? actAsAgentboard(play, action) : actPlainly(play, action);
}
