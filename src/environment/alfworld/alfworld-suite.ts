import { fetchFix } from "../../data/published.ts";
import { AgentRefineError, errorMessage } from "../../errors.ts";
import { randomFor } from "../../random.ts";
import type { DataFile } from "../agentboard-files.ts";
import { instructionOf } from "../guide.ts";
import type { LabelLine } from "../labels.ts";
import { PROGRESS, SUCCESS, type Suite, type Task } from "../suite.ts";
import { worldOf } from "../world.ts";
import { createAlfworldWorld } from "./alfworld-world.ts";
import {
  type FoundGame,
  findGames,
  type GameFile,
  openGame,
  readGameAt,
  TASK_TYPES,
  type TaskType,
} from "./games.ts";
import { ALFWORLD_GUIDE } from "./guide.ts";
import { makeHousehold } from "./household/make-household.ts";
import { inPlayOrder } from "./play-order.ts";
import { type Label, readLabels, scoreByGoal, scoreByLabel, strayLabels } from "./scoring.ts";
import type { Game } from "./simulator.ts";
import { solveGame } from "./solve.ts";

const BENCHMARK_GAMES = 134;
/** Turns at most (section 4.1). */
const MOST_TURNS = 30;
/** Households of each kind of task, and as many as are trained on. */
const HOUSEHOLDS = 10;
const TRAINING_HOUSEHOLDS = 100;

interface TaskSource {
  readonly id: string;
  readonly type: TaskType;
  /** Reads or makes the game. Throws an AgentRefineError where it is damaged. */
  read(): GameFile;
  readonly line?: LabelLine<Label> | undefined;
  /** Where the game comes from, for what is said of it. */
  readonly where: string;
}

function open({ where }: TaskSource, file: GameFile): Game {
  try {
    return openGame(file, "agentboard");
  } catch (error) {
    throw new AgentRefineError(`${where}: ${errorMessage(error)}`, { cause: error });
  }
}

function taskOf(source: TaskSource): Task {
  const { id, type, line } = source;
  const label = line?.label;
  return {
    id,
    group: type,
    difficulty: label?.difficulty,
    open: async () => {
      if (line?.problem !== undefined) throw new AgentRefineError(line.problem);
      const game = open(source, source.read());
      return worldOf(
        createAlfworldWorld(game, label === undefined ? scoreByGoal : scoreByLabel(label.subgoals)),
      );
    },
    solve: async () => {
      const file = source.read();
      return solveGame(open(source, file), file);
    },
  };
}

function suiteOf(
  sources: readonly TaskSource[],
  variant: { readonly problems: string; readonly scoring: string },
  remarks: readonly string[],
): Suite {
  return {
    name: "alfworld",
    variant: { rules: "agentboard", ...variant, words: null },
    measures: [SUCCESS, PROGRESS],
    maxTurns: MOST_TURNS,
    remarks,
    tasks: sources.map(taskOf),
    instruction: (_task, start) => instructionOf(ALFWORLD_GUIDE, start),
  };
}

function scoringWords(labelled: number, all: number): string {
  if (labelled === all) return "labels";
  return labelled === 0 ? "goal parts" : `labels for ${labelled} of ${all} tasks, goal parts for the others`;
}

/**
 * The games of a folder of ALFWorld's data in AgentBoard's order, with its labels where there are any; without one,
 * progress comes from the goal's own parts. Throws an AgentRefineError when there are no games.
 */
export function createAlfworldSuite(folder: string, labelFile: DataFile | undefined): Suite {
  const { games, remarks } = findGames(folder);
  if (games.length === 0) {
    throw new AgentRefineError(
      `no game of ALFWorld in ${folder} can be played: ${remarks[0] ?? "there is none"}`,
      { fix: fetchFix("alfworld") },
    );
  }
  const labels = labelFile === undefined ? undefined : readLabels(labelFile);
  const sources = inPlayOrder(games).map(
    ({ key, type, path }: FoundGame): TaskSource => ({
      id: key,
      type,
      line: labels?.of.get(key),
      read: () => readGameAt(path),
      where: path,
    }),
  );
  const keys = new Set(games.map(({ key }) => key));
  const labelled = sources.filter(({ line }) => line !== undefined).length;
  const isWhole = games.length === BENCHMARK_GAMES;
  return suiteOf(
    sources,
    {
      problems: isWhole ? "ALFWorld's games" : `ALFWorld's games, ${games.length} of ${BENCHMARK_GAMES}`,
      scoring: scoringWords(labelled, sources.length),
    },
    [...remarks, ...(labels?.remarks ?? []), ...(labels === undefined ? [] : strayLabels(labels, keys))],
  );
}

/** Households of our own, each of two or three rooms; every kind of task has as many. */
export function createHouseholdSuite(seed: number, split: "train" | "test"): Suite {
  const count = split === "train" ? TRAINING_HOUSEHOLDS : HOUSEHOLDS;
  const sources = TASK_TYPES.flatMap((type) =>
    Array.from({ length: count }, (_, place): TaskSource => {
      const id = `${type}/${split}-${seed}-${place + 1}`;
      return { id, type, where: id, read: () => makeHousehold(type, randomFor(seed, id, "household")) };
    }),
  );
  const problems = `own households of seed ${seed}${split === "train" ? " to train on" : ""}`;
  return suiteOf(sources, { problems, scoring: "goal parts" }, []);
}
