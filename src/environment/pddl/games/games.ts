import { BARMAN } from "./barman.ts";
import { BLOCKWORLD } from "./blockworld.ts";
import type { Game } from "./game.ts";
import { GRIPPER } from "./gripper.ts";
import { TYREWORLD } from "./tyreworld.ts";

/** The games in AgentBoard's order. */
export const GAMES: readonly Game[] = [GRIPPER, BLOCKWORLD, BARMAN, TYREWORLD];
