import * as z from "zod";
import type { DataFile } from "../agentboard-files.ts";
import { type LabelLine, readLabelLines } from "../label-lines.ts";
import { type Difficulty, difficultySchema } from "../suite.ts";

/** What AgentBoard's label file says of one game, by its place in the benchmark. */
export interface Label {
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
