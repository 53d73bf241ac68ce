import type { DataTexts } from "./data-texts.ts";
import { vectorsOf } from "./map-job.ts";
import { type Matrix, products } from "./matrix.ts";
import type { SuiteInstructions } from "./suite-instructions.ts";
import { basisOf, type Embedder } from "./thought-map.ts";

/** Instructions of each data set and of each suite, as the paper draws them (section 4.4). */
export const DATA_INSTRUCTIONS = 50;
export const SUITE_INSTRUCTIONS = 10;

/** The paper reads its figure as "less than 0.5": from there on a world counts as like a task. */
export const LIKE = 0.5;

/** Worlds that are shown in words, each with the task nearest to it. */
const NEAREST_PAIRS = 10;

/** An instruction in the heat map. */
interface ComparedInstruction {
  /** The name of its data set or suite. */
  readonly source: string;
  readonly kind: "data" | "suite";
  /** The id of its row or task. */
  readonly id: string;
  readonly text: string;
  readonly about: string;
}

/** A data set or a suite in the heat map: its instructions stand together. */
interface ComparedSource {
  readonly name: string;
  readonly kind: "data" | "suite";
  /** All that it has. */
  readonly all: number;
  readonly drawn: number;
}

/** How like a data set's worlds are to a suite's tasks. */
interface Contamination {
  readonly data: string;
  readonly suite: string;
  /** Pairs of a world and a task, those that are {@link LIKE} each other, and their share. */
  readonly pairs: number;
  readonly like: number;
  readonly share: number;
  /** Worlds that are like any task, of all that were drawn. */
  readonly worldsLike: number;
  readonly mean: number;
  readonly highest: number;
}

/** A world and a task that are near each other. */
interface NearPair {
  readonly similarity: number;
  readonly data: string;
  readonly row: string;
  readonly world: string;
  readonly suite: string;
  readonly task: string;
  readonly goal: string;
}

/** Figure 7: how like what players are told is, in worlds of data sets and in tasks of suites. */
export interface InstructionSimilarity {
  readonly sources: readonly ComparedSource[];
  readonly instructions: readonly ComparedInstruction[];
  /** Cosines, from 0 to 1 by words and from -1 by embeddings; rows and columns in the order of the instructions. */
  readonly similarities: Matrix;
  readonly contamination: readonly Contamination[];
  /** Some worlds with the tasks nearest to them, the nearest pairs first. */
  readonly nearest: readonly NearPair[];
  readonly by: string;
  readonly seed: number;
  readonly notes: readonly string[];
}

/** The instructions that are compared, those of one source after those of another. */
function compared(
  data: readonly DataTexts[],
  suites: readonly SuiteInstructions[],
): readonly ComparedInstruction[] {
  return [
    ...data.flatMap(({ name, instructions }) =>
      instructions.drawn.slice(0, DATA_INSTRUCTIONS).map(({ item: { row, text, about } }) => ({
        source: name,
        kind: "data" as const,
        id: row,
        text,
        about,
      })),
    ),
    ...suites.flatMap(({ suite, drawn }) =>
      drawn.map(({ task, text, about }) => ({
        source: suite,
        kind: "suite" as const,
        id: task,
        text,
        about,
      })),
    ),
  ];
}

/** All pairs of a world and a task. */
function crossPairs(
  instructions: readonly ComparedInstruction[],
  { values, columns }: Matrix,
): readonly NearPair[] {
  return instructions.flatMap((world, row) => {
    if (world.kind !== "data") return [];
    return instructions.flatMap((task, column): NearPair[] => {
      if (task.kind !== "suite") return [];
      const similarity = values[row * columns + column] ?? 0;
      const ofWorld = { data: world.source, row: world.id, world: world.about };
      return [{ similarity, ...ofWorld, suite: task.source, task: task.id, goal: task.about }];
    });
  });
}

function contaminationOf(data: string, suite: string, all: readonly NearPair[]): Contamination {
  const pairs = all.filter((pair) => pair.data === data && pair.suite === suite);
  const like = pairs.filter(({ similarity }) => similarity >= LIKE);
  const sum = pairs.reduce((total, { similarity }) => total + similarity, 0);
  return {
    data,
    suite,
    pairs: pairs.length,
    like: like.length,
    share: pairs.length === 0 ? 0 : like.length / pairs.length,
    worldsLike: new Set(like.map(({ row }) => row)).size,
    mean: pairs.length === 0 ? 0 : sum / pairs.length,
    highest: pairs.reduce((most, { similarity }) => Math.max(most, similarity), 0),
  };
}

/** Of each world the task that is nearest to it, the nearest pairs first. */
function nearestPairs(pairs: readonly NearPair[]): readonly NearPair[] {
  const nearest = new Map<string, NearPair>();
  for (const pair of pairs) {
    const world = JSON.stringify([pair.data, pair.row]);
    if (pair.similarity > (nearest.get(world)?.similarity ?? -1)) nearest.set(world, pair);
  }
  return [...nearest.values()]
    .sort((one, other) => other.similarity - one.similarity)
    .slice(0, NEAREST_PAIRS);
}

function notesOf(suites: readonly SuiteInstructions[]): readonly string[] {
  return suites.flatMap(({ suite, drawn, problem }) => {
    if (problem === undefined) return [];
    return drawn.length === 0
      ? [`${suite} is not in Figure 7: ${problem}.`]
      : [`Some tasks of ${suite} are not in Figure 7: ${problem}.`];
  });
}

/**
 * Figure 7 of some data sets and suites. Of instructions the words that are their own are compared: what every
 * instruction of this project says, and worked examples, would make all of them alike. Undefined when there are no two
 * instructions. Rejects with what `embedder` rejects with.
 */
export async function instructionSimilarity(
  data: readonly DataTexts[],
  suites: readonly SuiteInstructions[],
  { seed, embedder }: { readonly seed: number; readonly embedder?: Embedder | undefined },
): Promise<InstructionSimilarity | undefined> {
  const instructions = compared(data, suites);
  if (instructions.length < 2) return undefined;
  const basis = await basisOf(
    instructions.map(({ text }) => text),
    embedder,
  );
  const similarities = products(vectorsOf(basis));
  const pairs = crossPairs(instructions, similarities);
  const drawnOf = (name: string, kind: ComparedSource["kind"]): number =>
    instructions.filter((each) => each.source === name && each.kind === kind).length;
  const sources: readonly ComparedSource[] = [
    ...data.map(({ name, rows }) => ({
      name,
      kind: "data" as const,
      all: rows,
      drawn: drawnOf(name, "data"),
    })),
    ...suites.map(({ suite, tasks }) => ({
      name: suite,
      kind: "suite" as const,
      all: tasks,
      drawn: drawnOf(suite, "suite"),
    })),
  ];
  return {
    sources: sources.filter(({ drawn }) => drawn > 0),
    instructions,
    similarities,
    contamination: data.flatMap(({ name }) =>
      suites.filter(({ drawn }) => drawn.length > 0).map(({ suite }) => contaminationOf(name, suite, pairs)),
    ),
    nearest: nearestPairs(pairs),
    by: embedder?.name ?? "words",
    seed,
    notes: notesOf(suites),
  };
}
