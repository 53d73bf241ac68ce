import { AgentRefineError } from "../../errors.ts";
import type { DataFile } from "../agentboard-files.ts";
import { type LabelLine, linesOfTasks } from "../label-lines.ts";
import { PROGRESS, SUCCESS, type Suite, type Task } from "../suite.ts";
import { jerichoInstruction } from "./guide.ts";
import { openJerichoWorld, type Staging } from "./jericho-world.ts";
import { type Label, readLabels, scoreByLabel } from "./labels.ts";
import type { BrokenStory, Stories, StoryFile } from "./stories.ts";

/** A step of the slowest game is 20 ms, and a list of its actions some seconds, on a machine that is busy. */
const STEP_SECONDS = 120;

/** What AgentBoard tells of a game whose texts it does not find: both the goal and the first observation. */
const NOT_WRITTEN = "Not written yet.";

function staging({ facts: { goal, maxScore } }: StoryFile, label: Label | undefined): Staging {
  if (label === undefined) {
    return { goal: `Win the game.${maxScore > 1 ? ` Its own score goes up to ${maxScore} points.` : ""}` };
  }
  const scorer = scoreByLabel(label);
  return goal === undefined ? { goal: NOT_WRITTEN, observation: NOT_WRITTEN, scorer } : { goal, scorer };
}

function createTask(story: StoryFile | BrokenStory, line: LabelLine<Label> | undefined): Task {
  const { name } = story.facts;
  return {
    id: name,
    group: name,
    difficulty: line?.label?.difficulty,
    open: async () => {
      if ("problem" in story) throw story.problem;
      if (line?.problem !== undefined) throw new AgentRefineError(line.problem);
      return openJerichoWorld(story, staging(story, line?.label));
    },
  };
}

/** The suite of the games that are there. Labels are AgentBoard's, which are of its twenty games. */
export function createJerichoSuite({ origin, files }: Stories, labelFile: DataFile | undefined): Suite {
  const labels =
    labelFile === undefined || origin === "zork"
      ? undefined
      : linesOfTasks(readLabels(labelFile), files.length, labelFile);
  return {
    name: "jericho",
    variant: {
      rules: "agentboard",
      problems:
        origin === "jericho"
          ? "AgentBoard's games, told in their own first texts and with goals in other words"
          : "three Zorks of another release",
      scoring: labels === undefined ? "the games' own scores and victory" : "labels",
      words: null,
    },
    measures: [SUCCESS, PROGRESS],
    maxTurns: 30,
    stepSeconds: STEP_SECONDS,
    tasks: files.map((story, place) => createTask(story, labels?.[place])),
    instruction: (_task, start) => jerichoInstruction(start),
  };
}
