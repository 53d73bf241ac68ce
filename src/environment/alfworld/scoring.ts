import * as z from "zod";
import { changingPredicates } from "../../pddl/domain.ts";
import { restHolds } from "../../pddl/holds.ts";
import type { Problem } from "../../pddl/problem.ts";
import { eachBinding, type JoinAtom, type Query, queriesOf } from "../../pddl/query.ts";
import { type Fact, isFact, type State } from "../../pddl/state.ts";
import type { DataFile } from "../agentboard-files.ts";
import {
  compileLabelPattern,
  type LabelLine,
  type LabelPattern,
  readLabelLines,
  usablePatterns,
} from "../labels.ts";
import { difficultySchema } from "../suite.ts";

const labelSchema = z
  .looseObject({
    subgoals: z.array(z.string()),
    difficulty: difficultySchema,
    additional_info: z.looseObject({ description: z.string() }),
  })
  .transform(({ subgoals, difficulty, additional_info: { description } }) => {
    const { patterns, problem } = usablePatterns(subgoals.map(compileLabelPattern));
    return { task: description, difficulty, subgoals: patterns, problem };
  });

/** AgentBoard's label of a task: the patterns of its subgoals, and what is wrong with one of them. */
export type Label = Readonly<z.infer<typeof labelSchema>>;

/** Labels by their tasks, and what is wrong with lines of which no task is known, a sentence each. */
interface Labels {
  readonly of: ReadonlyMap<string, LabelLine<Label>>;
  readonly remarks: readonly string[];
}

/** Reads AgentBoard's labels. Throws an AgentRefineError for a file of other things. */
export function readLabels(file: DataFile): Labels {
  const lines = readLabelLines(file, "ALFWorld", labelSchema, ({ problem }) => problem);
  return {
    of: new Map(lines.flatMap((line) => (line.label === undefined ? [] : [[line.label.task, line]]))),
    remarks: lines.flatMap(({ label, problem }) => (label === undefined ? (problem ?? []) : [])),
  };
}

/** How many lines are named one by one. */
const NAMED = 5;

/** Which labels are of none of the tasks, in one sentence at most. */
export function strayLabels({ of }: Labels, tasks: ReadonlySet<string>): readonly string[] {
  const places = [...of].filter(([task]) => !tasks.has(task)).map(([, { where }]) => where);
  if (places.length === 0) return [];
  const others = places.length > NAMED ? ` and ${places.length - NAMED} more` : "";
  return [`${places.slice(0, NAMED).join("; ")}${others}: labels of games that are not there`];
}

/** How far an episode is, in [0, 1), from what was shown and what holds; a task that is achieved is at 1 anyway. */
export interface Scorer {
  after(observation: string, state: State): number;
}

/** Begins to score an episode of a problem. */
export type Scoring = (problem: Problem) => Scorer;

/**
 * AgentBoard's progress: the share of the label's patterns that some observation has matched, where the achieved task
 * counts as one more. The first observation is not looked at.
 */
export function scoreByLabel(subgoals: readonly LabelPattern[]): Scoring {
  return () => {
    const met = new Set<LabelPattern>();
    return {
      after: (observation) => {
        for (const pattern of subgoals) if (pattern.occursIn(observation)) met.add(pattern);
        return met.size / (subgoals.length + 1);
      },
    };
  };
}

/** The facts that would make a query true, for each choice of objects that nothing else speaks against. */
function wantedFacts(query: Query, problem: Problem): readonly (readonly Fact[])[] {
  const changing = changingPredicates(problem.domain);
  const isFixed = ({ predicate }: JoinAtom): boolean => !changing.has(predicate);
  const fixed = { ...query, atoms: query.atoms.filter(isFixed) };
  const open = query.atoms.filter((atom) => !isFixed(atom));
  const found: Fact[][] = [];
  eachBinding(fixed, problem.initial, problem.universe, (objects) => {
    if (!restHolds(query, objects, problem.initial, problem.universe)) return false;
    found.push(
      open.map(({ predicate, terms }) => ({
        predicate,
        objects: terms.map((term) => (typeof term === "number" ? (objects[term] ?? "") : term)),
      })),
    );
    return found.length >= MOST_CHOICES;
  });
  return found;
}

/** Choices of objects that are looked at; a room of ALFWorld has some hundreds for its goal. */
const MOST_CHOICES = 20_000;

/**
 * Progress from the goal's own parts: of those that did not hold at the start, the share that holds for the objects
 * that come nearest to the goal.
 */
export const scoreByGoal: Scoring = (problem) => {
  const choices = queriesOf([], problem.goal).flatMap((query) => wantedFacts(query, problem));
  const parts = Math.max(1, ...choices.map((facts) => facts.length));
  const nearest = (state: State): number => {
    let most = 0;
    for (const facts of choices) {
      let count = 0;
      for (const { predicate, objects } of facts) if (isFact(state, predicate, objects)) count += 1;
      if (count > most) most = count;
    }
    return most;
  };
  const before = nearest(problem.initial);
  return {
    after: (_observation, state) => Math.max(0, nearest(state) - before) / Math.max(1, parts - before),
  };
};
