import type { DataTexts } from "./data-texts.ts";
import type { MapProgress, TextBasis } from "./map-job.ts";
import { drawMapInThread } from "./map-thread.ts";
import type { Matrix } from "./matrix.ts";
import { TSNE_DEFAULTS, type TsneOptions } from "./tsne.ts";

/** Thoughts in the map: as many as the paper draws (section 4.4). */
export const MAP_THOUGHTS = 8100;

/** Thoughts of each data set over which its diversity is taken, at most: the work grows with their third power. */
const DIVERSITY_THOUGHTS = 1000;

/** Makes vectors of texts in place of their words. */
export interface Embedder {
  readonly name: string;
  readonly embed: (texts: readonly string[]) => Promise<Matrix>;
}

/** How a map is drawn. */
export interface ThoughtMapOptions {
  readonly seed: number;
  readonly embedder?: Embedder | undefined;
  /** As most maps are drawn when not given. */
  readonly tsne?: TsneOptions;
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: (progress: MapProgress) => void;
}

/** By what texts are compared: their words, where no model makes vectors of them. */
export async function basisOf(texts: readonly string[], embedder: Embedder | undefined): Promise<TextBasis> {
  if (embedder === undefined) return { by: "words", texts };
  return { by: "embeddings", vectors: await embedder.embed(texts) };
}

/** A thought that was drawn, of the data set with a place. */
interface Candidate {
  readonly data: number;
  readonly row: string;
  readonly text: string;
  readonly rank: number;
}

/**
 * Figure 6 of some data sets. The paper draws 8,100 of all thoughts; so here, each with the same chance, so that a
 * data set has as many points as it has thoughts. Diversity depends on how many are taken, so that it is over equally
 * many of each. Undefined when no data set has a thought. Rejects with the reason of `stop`, and with what `embedder`
 * rejects with.
 */
export async function thoughtMap(
  data: readonly DataTexts[],
  { seed, embedder, tsne = TSNE_DEFAULTS, stop, onProgress = () => {} }: ThoughtMapOptions,
) {
  const shown = data.filter(({ thoughts }) => thoughts.drawn.length > 0);
  if (shown.length === 0) return undefined;
  const equal = Math.min(DIVERSITY_THOUGHTS, ...shown.map(({ thoughts }) => thoughts.drawn.length));
  const candidates = shown.flatMap(({ thoughts }, place) =>
    thoughts.drawn.map(({ rank, item }): Candidate => ({ data: place, rank, ...item })),
  );
  const inMap = [...candidates].sort((one, other) => one.rank - other.rank).slice(0, MAP_THOUGHTS);
  // Those of one data set come in the order of the seed, so that its first ones are a draw too.
  const groups = shown.map((_each, place) =>
    candidates.filter((each) => each.data === place).slice(0, equal),
  );
  const used = [...new Set([...inMap, ...groups.flat()])];
  const placeOf = new Map(used.map((each, place) => [each, place]));
  const placesOf = (some: readonly Candidate[]): readonly number[] =>
    some.flatMap((each) => placeOf.get(each) ?? []);
  const basis = await basisOf(
    used.map(({ text }) => text),
    embedder,
  );
  const job = { basis, drawn: placesOf(inMap), groups: groups.map(placesOf), seed, tsne };
  const { points, diversity, trustworthiness } = await drawMapInThread(job, onProgress, stop);
  return {
    /** Of each data set, how many thoughts it has, and how many of them are in the map. */
    data: shown.map(({ name, thoughts }, place) => ({
      name,
      thoughts: thoughts.all,
      drawn: inMap.filter((each) => each.data === place).length,
      diversity: diversity[place] ?? { texts: 0, meanPairwiseDistance: 0, vendiScore: 0 },
    })),
    thoughts: inMap.map(({ data: place, row, text }, i) => ({
      data: shown[place]?.name ?? "",
      row,
      x: points[2 * i] ?? 0,
      y: points[2 * i + 1] ?? 0,
      thought: text,
    })),
    /** By what thoughts are alike: `words`, or the name of the model that made vectors of them. */
    by: embedder?.name ?? "words",
    trustworthiness,
    seed,
    /** What a reader must know, such as that a data set has no thoughts. */
    notes: data
      .filter(({ thoughts }) => thoughts.all === 0)
      .map(({ name }) => `${name} has no turn of a thought and an action, so that it is not in Figure 6.`),
  };
}

/** Figure 6: thoughts of data sets as points, near each other where they are alike. */
export type ThoughtMap = NonNullable<Awaited<ReturnType<typeof thoughtMap>>>;
