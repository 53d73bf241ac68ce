import * as z from "zod";
import type { DataFile } from "../agentboard-files.ts";
import {
  compileLabelPattern,
  type LabelLine,
  type LabelPattern,
  readLabelLines,
  usablePatterns,
} from "../labels.ts";
import { difficultySchema } from "../suite.ts";
import type { Step } from "../world.ts";
import type { Simulator } from "./simulator/simulator.ts";
import { unknownProblem } from "./tasks.ts";

const MOST_PATTERNS = 100;

const labelSchema = z
  .looseObject({
    /** What the agent is told to do, mostly in other words than the simulator's. */
    goal: z.string(),
    subgoals: z.array(z.string()).min(1).max(MOST_PATTERNS),
    difficulty: difficultySchema,
    additional_info: z.looseObject({ var: z.number(), env_name: z.string() }),
  })
  .transform(({ goal, subgoals, difficulty, additional_info }) => {
    const task = { kind: additional_info.env_name, variation: additional_info.var };
    const { patterns, problem } = usablePatterns(subgoals.map(compileLabelPattern));
    return { ...task, goal, difficulty, subgoals: patterns, problem: unknownProblem(task) ?? problem };
  });

/**
 * What AgentBoard's label file says of one task; `subgoals` are patterns that observations are searched for, and
 * `problem` tells why it cannot be played.
 */
export type Label = Readonly<z.infer<typeof labelSchema>>;

/** AgentBoard's labels of ScienceWorld, in its order. Throws an AgentRefineError for a file of other things. */
export function readLabels(file: DataFile): readonly LabelLine<Label>[] {
  return readLabelLines(file, "ScienceWorld", labelSchema, ({ problem }) => problem);
}

/** What an action led to. */
type Score = Pick<Step, "scores" | "ending">;

/** Scores the actions of one episode, one after the other. */
export interface Scoring {
  /** @param observation what the simulator answered; undefined when it was not asked. */
  after(observation: string | undefined, simulator: Simulator): Promise<Score>;
}

/**
 * The share of the patterns that were found in observations so far; all are success. What the simulator thinks of it
 * does not count: AgentBoard's rule.
 */
export function scoreByLabel(subgoals: readonly LabelPattern[]): Scoring {
  const found = new Set<number>();
  return {
    after: async (observation) => {
      subgoals.forEach((subgoal, place) => {
        if (observation !== undefined && subgoal.occursIn(observation)) found.add(place);
      });
      const success = found.size === subgoals.length;
      const scores = { success: success ? 1 : 0, progress: found.size / subgoals.length };
      return success ? { scores, ending: "success" } : { scores };
    },
  };
}

/** The simulator's own score; focusing on the wrong thing ends the episode. */
export function scoreBySimulator(): Scoring {
  return {
    after: async (_observation, simulator) => {
      const score = await simulator.score();
      // What is completed has the whole score, in each of the thousands of recorded steps: one question less a step.
      const success = score >= 1 && (await simulator.completed());
      const scores = { success: success ? 1 : 0, progress: Math.min(1, Math.max(0, score)) };
      if (success) return { scores, ending: "success" };
      return score < 0 ? { scores, ending: "failure" } : { scores };
    },
  };
}
