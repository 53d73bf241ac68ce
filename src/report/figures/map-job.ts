import { type Diversity, meanPairwiseDistance, vendiScore } from "./diversity.ts";
import { type Matrix, products, type RowVectors, rowVectors, withUnitRows } from "./matrix.ts";
import { tfIdf } from "./tf-idf.ts";
import { truncatedSvd } from "./truncated-svd.ts";
import { trustworthiness } from "./trustworthiness.ts";
import { type TsneOptions, tsne } from "./tsne.ts";

/** What texts are compared by: their words, or vectors that a model made of them. */
export type TextBasis =
  | { readonly by: "words"; readonly texts: readonly string[] }
  | { readonly by: "embeddings"; readonly vectors: Matrix };

/** A map of texts that is to be drawn, and what else is to be found of them: plain data, so that a thread can do it. */
export interface MapJob {
  readonly basis: TextBasis;
  /** The places of the texts that are drawn. */
  readonly drawn: readonly number[];
  /** Groups of texts, by their places, of which each has a diversity. */
  readonly groups: readonly (readonly number[])[];
  readonly seed: number;
  readonly tsne: TsneOptions;
}

/** What came of a {@link MapJob}. */
export interface DrawnMap {
  /** x and y of one drawn text after the other. */
  readonly points: Float64Array;
  /** How far neighbours in the map are neighbours, from 0 to 1; undefined with too few texts to tell. */
  readonly trustworthiness: number | undefined;
  /** In the order of the groups. */
  readonly diversity: readonly Diversity[];
}

/** What is being done, and how far it is. */
export interface MapProgress {
  readonly stage: "vectors" | "neighbours" | "steps" | "check" | "diversity";
  readonly done: number;
  readonly total: number;
}

/** Dimensions left before the map is drawn: fewer lose meaning, more bring noise (van der Maaten uses 30 to 50). */
const DIMENSIONS = 50;
/** Neighbours of which trustworthiness is asked. */
const NEIGHBOURS = 12;
/** Progress is told after so many rows or steps. */
const EVERY = 10;

/** The vectors of texts, each of length 1, so that scalar products are cosines. */
export function vectorsOf(basis: TextBasis): RowVectors {
  return basis.by === "words" ? tfIdf(basis.texts) : rowVectors(withUnitRows(basis.vectors));
}

/** Does the job; the same job always comes to the same map. */
export function drawMap(job: MapJob, onProgress: (progress: MapProgress) => void): DrawnMap {
  const { basis, drawn, groups, seed } = job;
  const tell = (progress: MapProgress): void => {
    if (progress.done % EVERY === 0) onProgress(progress);
  };
  onProgress({ stage: "vectors", done: 0, total: 1 });
  const vectors = vectorsOf(basis);
  const reduced = withUnitRows(truncatedSvd(vectors.select(drawn), DIMENSIONS, seed));
  const points = tsne(reduced, job.tsne, tell);
  const map = { rows: drawn.length, columns: 2, values: points };
  const kept =
    drawn.length <= 2 * NEIGHBOURS
      ? undefined
      : trustworthiness(reduced, map, NEIGHBOURS, (done) =>
          tell({ stage: "check", done, total: drawn.length }),
        );
  const diversity = groups.map((places, done) => {
    onProgress({ stage: "diversity", done, total: groups.length });
    const similarities = products(vectors.select(places));
    // A text without any word is like itself all the same.
    for (let row = 0; row < places.length; row += 1) similarities.values[row * places.length + row] = 1;
    return {
      texts: places.length,
      meanPairwiseDistance: meanPairwiseDistance(similarities),
      vendiScore: vendiScore(similarities),
    };
  });
  return { points, trustworthiness: kept, diversity };
}
