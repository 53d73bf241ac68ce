import type { Domain } from "../../../pddl/domain.ts";

/** The four games, by the names that AgentBoard gives them. */
export type GameName = "gripper" | "blockworld" | "barman" | "tyreworld";

/** One PDDL domain and how AgentBoard shows it. */
export interface Game {
  readonly name: GameName;
  readonly domain: Domain;
  /** An observation after an action tells only what has become true; `look around` is listed to make up for it. */
  readonly tellsOnlyChanges: boolean;
}
