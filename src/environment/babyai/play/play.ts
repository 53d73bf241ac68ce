import type { GeneratedLevel } from "../levels/generate-level.ts";
import { type Listing, listActions } from "../text/listing.ts";
import { findRoutes } from "../text/routes.ts";
import { observationText, sightOf } from "../text/sight.ts";
import { isPassable } from "../world/move.ts";
import { type View, viewOf } from "../world/view.ts";
import { cellAt, EMPTY, frontX, frontY, type World } from "../world/world.ts";
import type { Progress } from "./progress.ts";
import { beginSimulation, type Simulation } from "./simulation.ts";

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
  const listing = listActions({
    sight,
    routes: findRoutes(sight.obstacles, world.agent.direction),
    frontPassable: isPassable(world, front),
    frontFree: front === EMPTY,
    agentboard: rules === "agentboard",
  });
  return { view, observation: observationText(sight), listing };
}

/** The first moment of an episode. @param progressAt where its progress begins. */
export function beginPlay(
  generated: GeneratedLevel,
  rules: Rules,
  progressAt: (scene: Scene, simulation: Simulation) => Progress,
): Play {
  const simulation = beginSimulation(generated, rules === "plain");
  const view = rules === "agentboard" ? generated.firstView : viewOf(simulation.world);
  const scene = sceneOf(simulation.world, view, rules);
  const progress = progressAt(scene, simulation);
  return { simulation, scene, progress, done: false, success: false, actionIsValid: false };
}
