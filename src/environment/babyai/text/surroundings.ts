import type { Routes } from "./routes.ts";
import type { Sight } from "./sight.ts";

/** What a listing is made of. */
export interface Surroundings {
  readonly sight: Sight;
  readonly routes: Routes;
  /** The agent could step into the cell before it. */
  readonly frontPassable: boolean;
  /** The agent could put something into the cell before it. */
  readonly frontFree: boolean;
  /** List and count as AgentBoard does, errors of its own included. */
  readonly agentboard: boolean;
}
