import { AgentRefineError, errorMessage } from "../../../errors.ts";
import { type Problem, parseProblem } from "../../../pddl/problem.ts";
import type { DataFile } from "../../agentboard-files.ts";
import { agentboardLabel, linesOfTasks, readLabelLines } from "../../label-lines.ts";
import type { Difficulty, Suite, Task } from "../../suite.ts";
import { createPddlTask, pddlSuite } from "../pddl-task.ts";
import { createPddlWorld } from "../pddl-world.ts";
import { type AgentboardPddl, PROBLEMS_FIX, type ProblemFile } from "./problem-files.ts";

/** A problem that can be played, or why its file is of no use. */
function read({ game, path, text }: ProblemFile): Problem | AgentRefineError {
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

/** The difficulties of problems, and what is wrong with labels, whose goals are not used: a task without one plays. */
interface Difficulties {
  readonly of: readonly (Difficulty | undefined)[];
  readonly remarks: readonly string[];
}

function difficultiesIn(file: DataFile, problems: readonly ProblemFile[]): Difficulties {
  const lines = linesOfTasks(readLabelLines(file, "PDDL", agentboardLabel), problems.length, file);
  const read = problems.map(({ game, name }, place) => {
    const { where = "", label, problem } = lines[place] ?? {};
    if (problem !== undefined) return { remark: problem };
    if (label?.additional_info.subtask === game.name) return { difficulty: label.difficulty };
    return {
      remark: `${where}: a label of ${label?.additional_info.subtask}, where one of ${game.name}/${name} belongs`,
    };
  });
  const remarks = read.flatMap(({ remark }) => remark ?? []);
  if (remarks.length < problems.length) return { of: read.map(({ difficulty }) => difficulty), remarks };
  throw new AgentRefineError(`the labels do not fit the problems: ${remarks[0]}`, {
    fix: "Use AgentBoard's pddl test.jsonl and problems unchanged, or take the label file away.",
  });
}

/**
 * AgentBoard's own problems in its order, played with our domains; one whose file is of no use costs its own task only.
 * Without labels no task has a difficulty. Throws an AgentRefineError when no problem can be read, or when the labels
 * are of other problems altogether.
 */
export function createAgentboardPddlSuite({ problems, labels }: AgentboardPddl): Suite {
  const difficulties = labels === undefined ? undefined : difficultiesIn(labels, problems);
  const files = problems.map((file) => ({ ...file, problem: read(file) }));
  const [first] = files;
  if (first?.problem instanceof AgentRefineError && files.every(({ problem }) => problem instanceof Error)) {
    throw first.problem;
  }
  const tasks = files.map(({ game, name, problem }, place): Task => {
    const id = `${game.name}/${name.replace(/\.pddl$/, "")}`;
    const difficulty = difficulties?.of[place];
    if (!(problem instanceof AgentRefineError)) return createPddlTask({ id, game, difficulty, problem });
    return { id, group: game.name, difficulty, open: () => Promise.reject(problem) };
  });
  return { ...pddlSuite(tasks, "AgentBoard's problems"), remarks: difficulties?.remarks ?? [] };
}
