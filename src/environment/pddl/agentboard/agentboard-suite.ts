import { AgentRefineError, errorMessage } from "../../../errors.ts";
import { type Problem, parseProblem } from "../../../pddl/problem.ts";
import { agentboardLabel, readingFrom, readLabelLines } from "../../agentboard-files.ts";
import type { Difficulty, Suite } from "../../suite.ts";
import { createPddlTask, pddlSuite } from "../pddl-task.ts";
import { createPddlWorld } from "../pddl-world.ts";
import type { AgentboardPddl, ProblemFile } from "./problem-files.ts";

function parse({ game, name, text }: ProblemFile): Problem {
  try {
    const problem = parseProblem(text, game.domain);
    // What can be read may still not be playable; better said now than in the middle of an evaluation.
    createPddlWorld(game, problem);
    return problem;
  } catch (error) {
    const fix = error instanceof AgentRefineError ? error.fix : undefined;
    throw new AgentRefineError(`${game.name}/${name}: ${errorMessage(error)}`, {
      ...(fix === undefined ? {} : { fix }),
      cause: error,
    });
  }
}

/** The difficulties of problems by the text of AgentBoard's label file, whose goals are not used. */
function difficultiesIn(text: string, problems: readonly ProblemFile[]): readonly Difficulty[] {
  const labels = readLabelLines(text, "PDDL", (value) => agentboardLabel.parse(value));
  return problems.map(({ game, name }, index) => {
    const label = labels[index];
    if (label?.additional_info.subtask === game.name) return label.difficulty;
    throw new AgentRefineError(
      `the PDDL labels do not fit the problems: task ${index} is ${game.name}/${name}`,
      { fix: "Use AgentBoard's pddl test.jsonl and problems unchanged, or take the label file away." },
    );
  });
}

/**
 * AgentBoard's own problems in its order, played with our domains. Without labels no task has a difficulty.
 * @throws AgentRefineError when a problem cannot be read or played, or the labels belong to other problems.
 */
export function createAgentboardPddlSuite({ problems, labels }: AgentboardPddl): Suite {
  const difficulties = labels && readingFrom(labels, (text) => difficultiesIn(text, problems));
  const tasks = problems.map((file, index) =>
    createPddlTask({
      id: `${file.game.name}/${file.name.replace(/\.pddl$/, "")}`,
      game: file.game,
      difficulty: difficulties?.[index],
      problem: parse(file),
    }),
  );
  return pddlSuite(tasks, "AgentBoard's problems");
}
