import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchFix } from "../../data/published.ts";
import { AgentRefineError, errorMessage, storageError } from "../../errors.ts";
import { type Problem, parseProblem } from "../../pddl/problem.ts";
import { agentboardFiles, type DataFile, problemFolders } from "../agentboard-files.ts";
import { agentboardLabel, fittingLines, readLabelLines } from "../labels.ts";
import type { Suite, Task } from "../suite.ts";
import { type Game, type GameName, games } from "./games.ts";
import { createPddlTask, pddlSuite } from "./pddl-task.ts";
import { createPddlWorld } from "./pddl-world.ts";

/** The file of one of AgentBoard's problems. */
interface ProblemFile {
  readonly game: Game;
  /** Without its folder. */
  readonly name: string;
  readonly path: string;
  /** What it says, or why it cannot be read. */
  readonly text: string | AgentRefineError;
}

/** AgentBoard's PDDL data, as texts. */
interface AgentboardPddl {
  /** Game by game in AgentBoard's order; within a game in the order of the names' code units. */
  readonly problems: readonly ProblemFile[];
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
const PROBLEMS_FIX = fetchFix("agentboard");

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
  // AgentBoard plays a game's problems in the order of their names' code units.
  const wanted = games().flatMap((game) => {
    const { name, count } = NAMES[game.name];
    const names = Array.from({ length: count }, (_value, place) => name(place + 1)).sort();
    return names.map((each) => ({ game, name: each }));
  });
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

/** A problem that can be played, or why its file is of no use. */
function playable({ game, path, text }: ProblemFile): Problem | AgentRefineError {
  if (text instanceof AgentRefineError) return text;
  try {
    const problem = parseProblem(text, game.domain);
    // What can be read may still not be playable.
    createPddlWorld(game, problem);
    return problem;
  } catch (error) {
    return new AgentRefineError(`${path}: ${errorMessage(error)}`, { fix: PROBLEMS_FIX, cause: error });
  }
}

/**
 * AgentBoard's own problems in its order, played with our domains; one whose file is of no use costs its own task only.
 * Without labels no task has a difficulty. Throws an AgentRefineError when no problem can be read, or when the labels
 * are of other problems altogether.
 */
export function createAgentboardPddlSuite({ problems, labels }: AgentboardPddl): Suite {
  const groups = problems.map(({ game, name }) => ({ group: game.name, task: `${game.name}/${name}` }));
  const read = labels && readLabelLines(labels, "PDDL", agentboardLabel);
  // The goals of labels are not used: a task without one is played.
  const lines =
    labels && read && fittingLines(read, groups, ({ additional_info }) => additional_info.subtask, labels);
  const files = problems.map((file) => ({ ...file, problem: playable(file) }));
  const [first] = files;
  if (first?.problem instanceof AgentRefineError && files.every(({ problem }) => problem instanceof Error)) {
    throw first.problem;
  }
  const tasks = files.map(({ game, name, problem }, place): Task => {
    const id = `${game.name}/${name.replace(/\.pddl$/, "")}`;
    const line = lines?.[place];
    const difficulty = line?.problem === undefined ? line?.label?.difficulty : undefined;
    if (!(problem instanceof AgentRefineError)) return createPddlTask({ id, game, difficulty, problem });
    return { id, group: game.name, difficulty, open: () => Promise.reject(problem) };
  });
  return {
    ...pddlSuite(tasks, "AgentBoard's problems"),
    remarks: lines?.flatMap(({ problem }) => problem ?? []) ?? [],
  };
}
