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

/** The instructions that are compared, those of one source after those of another. */
function compared(
  data: readonly DataTexts[],
  suites: readonly SuiteInstructions[],
): readonly ComparedInstruction[] {
  return [
    ...data.flatMap(({ name: source, instructions }) =>
      instructions.drawn
        .slice(0, DATA_INSTRUCTIONS)
        .map(({ item: { row: id, ...texts } }) => ({ source, kind: "data" as const, id, ...texts })),
    ),
    ...suites.flatMap(({ suite: source, drawn }) =>
      drawn.map(({ task: id, ...texts }) => ({ source, kind: "suite" as const, id, ...texts })),
    ),
  ];
}

/** All pairs of a world and a task. */
function crossPairs(instructions: readonly ComparedInstruction[], { values, columns }: Matrix) {
  return instructions.flatMap((world, row) => {
    if (world.kind !== "data") return [];
    return instructions.flatMap((task, column) => {
      if (task.kind !== "suite") return [];
      const similarity = values[row * columns + column] ?? 0;
      const ofWorld = { data: world.source, row: world.id, world: world.about };
      return [{ similarity, ...ofWorld, suite: task.source, task: task.id, goal: task.about }];
    });
  });
}

type Pairs = ReturnType<typeof crossPairs>;

/** How like a data set's worlds are to a suite's tasks. */
function contaminationOf(data: string, suite: string, all: Pairs) {
  const pairs = all.filter((pair) => pair.data === data && pair.suite === suite);
  const like = pairs.filter(({ similarity }) => similarity >= LIKE);
  const sum = pairs.reduce((total, { similarity }) => total + similarity, 0);
  return {
    data,
    suite,
    pairs: pairs.length,
    /** Pairs that are {@link LIKE} each other, their share, and worlds that are like any task. */
    like: like.length,
    share: pairs.length === 0 ? 0 : like.length / pairs.length,
    worldsLike: new Set(like.map(({ row }) => row)).size,
    mean: pairs.length === 0 ? 0 : sum / pairs.length,
    highest: pairs.reduce((most, { similarity }) => Math.max(most, similarity), 0),
  };
}

/** Of each world the task that is nearest to it, the nearest pairs first. */
function nearestPairs(pairs: Pairs): Pairs {
  const nearest = new Map<string, Pairs[number]>();
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
) {
  const instructions = compared(data, suites);
  if (instructions.length < 2) return undefined;
  const basis = await basisOf(
    instructions.map(({ text }) => text),
    embedder,
  );
  const similarities = products(vectorsOf(basis));
  const pairs = crossPairs(instructions, similarities);
  const all = [
    ...data.map(({ name, rows }) => ({ name, kind: "data", all: rows })),
    ...suites.map(({ suite, tasks }) => ({ name: suite, kind: "suite", all: tasks })),
  ];
  const sources = all.map((source) => {
    const own = instructions.filter(({ source: name, kind }) => name === source.name && kind === source.kind);
    return { ...source, drawn: own.length };
  });
  return {
    /** Data sets and suites, whose instructions stand together: how many each has, and how many are compared. */
    sources: sources.filter(({ drawn }) => drawn > 0),
    instructions,
    /** Cosines, from 0 to 1 by words and from -1 by embeddings; rows and columns in the order of the instructions. */
    similarities,
    contamination: data.flatMap(({ name }) =>
      suites.filter(({ drawn }) => drawn.length > 0).map(({ suite }) => contaminationOf(name, suite, pairs)),
    ),
    /** Some worlds with the tasks nearest to them, the nearest pairs first. */
    nearest: nearestPairs(pairs),
    by: embedder?.name ?? "words",
    seed,
    notes: notesOf(suites),
  };
}

/** Figure 7: how like what players are told is, in worlds of data sets and in tasks of suites. */
export type InstructionSimilarity = NonNullable<Awaited<ReturnType<typeof instructionSimilarity>>>;
