import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchFix } from "../../../data/published.ts";
import { AgentRefineError, storageError } from "../../../errors.ts";
import { agentboardFiles, type DataFile, problemFolders } from "../../agentboard-files.ts";
import { type Game, type GameName, games } from "../games.ts";

/** The file of one of AgentBoard's problems. */
export interface ProblemFile {
  readonly game: Game;
  /** Without its folder. */
  readonly name: string;
  readonly path: string;
  /** What it says, or why it cannot be read. */
  readonly text: string | AgentRefineError;
}

/** AgentBoard's PDDL data, as texts. */
export interface AgentboardPddl {
  /** Game by game in AgentBoard's order; within a game in the order of the names' code units. */
  readonly problems: readonly ProblemFile[];
  /** The label file; undefined when there is none. */
  readonly labels: DataFile | undefined;
}

/** How AgentBoard calls the problems of a game, and how many there are. */
const NAMES: Readonly<
  Record<GameName, { readonly name: (number: number) => string; readonly count: number }>
> = {
  gripper: { name: (number) => `prob${twoDigits(number)}.pddl`, count: 20 },
  blockworld: { name: (number) => `problem${number}.pddl`, count: 10 },
  barman: { name: (number) => `p${twoDigits(number)}.pddl`, count: 20 },
  tyreworld: { name: (number) => `p${twoDigits(number)}.pddl`, count: 10 },
};

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** What brings a problem that is not there, or not as it should be. */
export const PROBLEMS_FIX = fetchFix("agentboard");

/** The names of AgentBoard's problems of a game, in the order in which it plays them: that of their code units. */
function problemNames(game: GameName): readonly string[] {
  const { name, count } = NAMES[game];
  return Array.from({ length: count }, (_value, place) => name(place + 1)).sort();
}

function readProblem(game: Game, name: string, folder: string): ProblemFile {
  const path = join(folder, game.name, name);
  try {
    return { game, name, path, text: readFileSync(path, "utf8") };
  } catch (error) {
    const { message } = storageError(error, "read", path);
    return { game, name, path, text: new AgentRefineError(message, { fix: PROBLEMS_FIX, cause: error }) };
  }
}

/**
 * Reads AgentBoard's PDDL problems and labels from a folder of either layout. A problem that is not there keeps its
 * place. Throws an AgentRefineError when there are none at all, or the labels cannot be read.
 */
export function readAgentboardPddl(folder: string): AgentboardPddl {
  const wanted = games().flatMap((game) => problemNames(game.name).map((name) => ({ game, name })));
  const problems = problemFolders(folder).find((each) =>
    wanted.some(({ game, name }) => existsSync(join(each, game.name, name))),
  );
  if (problems === undefined) {
    throw new AgentRefineError(`${folder} does not hold AgentBoard's PDDL problems`, {
      fix: `${PROBLEMS_FIX} Or give an AgentBoard checkout, or a folder with pddl/GAME/*.pddl for each game and, if you have it, pddl.jsonl.`,
    });
  }
  return {
    problems: wanted.map(({ game, name }) => readProblem(game, name, problems)),
    labels: agentboardFiles(folder).labels("pddl"),
  };
}
