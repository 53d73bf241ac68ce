import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AgentRefineError, errorMessage } from "../../../errors.ts";
import { agentboardFiles, type DataFile, problemFolders } from "../../agentboard-files.ts";
import { type Game, games } from "../games.ts";

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
  readonly labels: DataFile | undefined;
}

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
 * @throws AgentRefineError when the problems of a game are missing, or the labels cannot be read.
 */
export function readAgentboardPddl(folder: string): AgentboardPddl {
  const problems = problemFolders(folder).find((each) =>
    games().some(({ name }) => existsSync(join(each, name))),
  );
  if (problems === undefined) {
    throw new AgentRefineError(`"${folder}" does not hold AgentBoard's PDDL problems.`, { fix: FIX });
  }
  return {
    problems: games().flatMap((game) => readGame(game, join(problems, game.name))),
    labels: agentboardFiles(folder).labels("pddl"),
  };
}
