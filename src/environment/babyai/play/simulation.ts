import type { GeneratedLevel } from "../levels/generate-level.ts";
import { type MissionCheck, type Status, verifyMission } from "../mission/verifier.ts";
import { applyMove, type Move } from "../world/move.ts";
import { copyWorld, type World } from "../world/world.ts";

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

/** Begins to play a generated level, which itself is not changed. */
export function beginSimulation(generated: GeneratedLevel, forgiving: boolean): Simulation {
  const { world, check, maximumMoves } = generated;
  return { world: copyWorld(world), check, moves: 0, maximumMoves, forgiving };
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
