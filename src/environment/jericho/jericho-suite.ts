import * as z from "zod";
import { AgentRefineError } from "../../errors.ts";
import type { DataFile } from "../agentboard-files.ts";
import { type LabelLine, linesOfTasks, readLabelLines } from "../labels.ts";
import { type Difficulty, difficultySchema, PROGRESS, SUCCESS, type Suite, type Task } from "../suite.ts";
import { jerichoInstruction } from "./guide.ts";
import { openJerichoWorld, type Staging } from "./jericho-world.ts";
import type { BrokenStory, Stories, StoryFile } from "./stories.ts";

/** What AgentBoard's label file says of one game, by its place in the benchmark. */
interface Label {
  readonly difficulty: Difficulty;
  /** Texts that stand in what is shown when a part is achieved. */
  readonly subgoals: readonly string[];
}

const MOST_SUBGOALS = 100;

const labelLine = z.looseObject({
  difficulty: difficultySchema,
  subgoals: z.array(z.string().max(10_000)).min(1).max(MOST_SUBGOALS),
});

/** AgentBoard's labels of Jericho, in the order of its games. Throws an AgentRefineError for a file of other things. */
export function readLabels(file: DataFile): readonly LabelLine<Label>[] {
  return readLabelLines(file, "Jericho", labelLine);
}

function lettersOf(text: string): string {
  return text.replace(/[^a-zA-Z0-9\s]/g, "");
}

/** How far an episode is. */
export interface Scorer {
  /** Progress in [0, 1] after something was shown. */
  after(observation: string): number;
}

/**
 * AgentBoard's progress: the share of the label's texts that have been shown, letters and digits compared only. A step
 * achieves one of them at most, the first that is left.
 */
export function scoreByLabel({ subgoals }: Label): Scorer {
  const left = subgoals.map(lettersOf);
  return {
    after: (observation) => {
      const shown = lettersOf(observation);
      const found = left.findIndex((text) => shown.includes(text));
      if (found >= 0) left.splice(found, 1);
      return (subgoals.length - left.length) / subgoals.length;
    },
  };
}

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
