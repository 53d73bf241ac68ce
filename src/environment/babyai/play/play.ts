import type { GeneratedLevel } from "../levels/generate-level.ts";
import { type MissionCheck, type Status, verifyMission } from "../mission/verifier.ts";
import { type Listing, listActions } from "../text/listing.ts";
import { findRoutes } from "../text/routes.ts";
import { observationText, sightOf } from "../text/sight.ts";
import { type View, viewOf } from "../world/view.ts";
import {
  applyMove,
  cellAt,
  copyWorld,
  EMPTY,
  frontX,
  frontY,
  isPassable,
  type Move,
  type World,
} from "../world/world.ts";
import type { Progress } from "./progress.ts";

/** A world in play with its mission: the grid world alone, without any text. It changes in place. */
export interface Simulation {
  readonly world: World;
  check: MissionCheck;
  /** Primitive moves made so far. */
  moves: number;
  readonly maximumMoves: number;
  /** A move that completes one part of the mission is not held against the next one. */
  readonly forgiving: boolean;
}

/** What one primitive move did for the mission. */
export interface MoveResult {
  readonly status: Status;
  /** Minigrid's reward: on success 1 less up to 0.9 for the moves used, otherwise 0. */
  readonly reward: number;
}

/** A simulation that shares nothing changeable with this one. */
export function copySimulation(simulation: Simulation): Simulation {
  return { ...simulation, world: copyWorld(simulation.world) };
}

/** Makes one primitive move and verifies the mission. */
export function makeMove(simulation: Simulation, move: Move): MoveResult {
  applyMove(simulation.world, move);
  simulation.moves += 1;
  return judge(simulation, move);
}

/** Verifies the mission as after `move`, which is not made. */
export function judge(simulation: Simulation, move: Move): MoveResult {
  const { check, status } = verifyMission(simulation.world, simulation.check, move, simulation.forgiving);
  simulation.check = check;
  const reward = status === "success" ? 1 - 0.9 * (simulation.moves / simulation.maximumMoves) : 0;
  return { status, reward };
}

/** Which rules a play follows: AgentBoard's with all their quirks, or the fixed ones. */
export type Rules = "agentboard" | "plain";

/** What the agent is told at one moment. */
export interface Scene {
  readonly view: View;
  readonly observation: string;
  readonly listing: Listing;
}

/** A moment of an episode. Each action replaces it by the next; `simulation` belongs to it alone. */
export interface Play {
  readonly simulation: Simulation;
  readonly scene: Scene;
  readonly progress: Progress;
  readonly done: boolean;
  readonly success: boolean;
  /** Of the latest action; AgentBoard does not always set it anew. */
  readonly actionIsValid: boolean;
}

/** What an action is answered with. */
export interface Answer {
  readonly play: Play;
  readonly observation: string;
}

/** What the agent is told of a world that it sees as `view`. */
export function sceneOf(world: World, view: View, rules: Rules): Scene {
  const sight = sightOf(world, view);
  const front = cellAt(world, frontX(world), frontY(world));
  const { direction } = world.agent;
  const [frontPassable, frontFree] = [isPassable(world, front), front === EMPTY];
  let listing: Listing | undefined;
  return {
    view,
    observation: observationText(sight),
    // Made when it is first asked for: the expert goes on from few of the plays that it looks at.
    get listing() {
      listing ??= listActions({
        sight,
        routes: findRoutes(sight.obstacles, direction),
        frontPassable,
        frontFree,
        agentboard: rules === "agentboard",
      });
      return listing;
    },
  };
}

/** The first moment of an episode. @param progressAt where its progress begins. */
export function beginPlay(
  generated: GeneratedLevel,
  rules: Rules,
  progressAt: (scene: Scene, simulation: Simulation) => Progress,
): Play {
  const { world, check, maximumMoves } = generated;
  const forgiving = rules === "plain";
  const simulation = { world: copyWorld(world), check, moves: 0, maximumMoves, forgiving };
  const view = rules === "agentboard" ? generated.firstView : viewOf(simulation.world);
  const scene = sceneOf(simulation.world, view, rules);
  const progress = progressAt(scene, simulation);
  return { simulation, scene, progress, done: false, success: false, actionIsValid: false };
}
