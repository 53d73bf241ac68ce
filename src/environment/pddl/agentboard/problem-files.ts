import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AgentRefineError, errorMessage } from "../../../errors.ts";
import type { Game } from "../games/game.ts";
import { GAMES } from "../games/games.ts";

/** The file of one of AgentBoard's problems. */
export interface ProblemFile {
  readonly game: Game;
  /** Without its folder. */
  readonly name: string;
  readonly text: string;
}

/** AgentBoard's PDDL data, as texts. */
export interface AgentboardPddl {
  /** Game by game in AgentBoard's order; within a game in the order of the names' code units. */
  readonly problems: readonly ProblemFile[];
  /** The label file; undefined when there is none. */
  readonly labels: string | undefined;
}

/** Where the parts lie: in a folder that was gathered by hand, or in a checkout with AgentBoard's data archive. */
const LAYOUTS = [
  { problems: "pddl", labels: "pddl.jsonl" },
  { problems: "agentboard/environment/pddl_env/pddlgym/pddl", labels: "data/pddl/test.jsonl" },
] as const;

const FIX =
  "Give an AgentBoard checkout, or a folder with pddl/GAME/*.pddl for each game and, if you have it, pddl.jsonl.";

function isProblem(name: string): boolean {
  return name.endsWith(".pddl") && name !== "domain.pddl";
}

function readGame(game: Game, folder: string): readonly ProblemFile[] {
  try {
    const names = readdirSync(folder).filter(isProblem).sort();
    return names.map((name) => ({ game, name, text: readFileSync(join(folder, name), "utf8") }));
  } catch (error) {
    const message = `AgentBoard's ${game.name} problems cannot be read: ${errorMessage(error)}`;
    throw new AgentRefineError(message, { fix: FIX, cause: error });
  }
}

/**
 * Reads AgentBoard's PDDL problems and labels from a folder of either layout.
 * @throws AgentRefineError when the problems of a game are missing.
 */
export function readAgentboardPddl(folder: string): AgentboardPddl {
  const layout = LAYOUTS.find(({ problems }) =>
    GAMES.some(({ name }) => existsSync(join(folder, problems, name))),
  );
  if (layout === undefined) {
    throw new AgentRefineError(`"${folder}" does not hold AgentBoard's PDDL problems.`, { fix: FIX });
  }
  const labels = join(folder, layout.labels);
  return {
    problems: GAMES.flatMap((game) => readGame(game, join(folder, layout.problems, game.name))),
    labels: existsSync(labels) ? readFileSync(labels, "utf8") : undefined,
  };
}
