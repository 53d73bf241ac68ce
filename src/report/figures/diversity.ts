import type { Matrix } from "./matrix.ts";
import { symmetricEigenvalues } from "./symmetric-eigen.ts";

/** How unlike each other some texts are. */
export interface Diversity {
  /** Over how many texts it was taken: the same for all that are compared, as both numbers depend on it. */
  readonly texts: number;
  /** The mean of 1 - cosine over all pairs: 0 when all are the same, 1 when none shares anything with another. */
  readonly meanPairwiseDistance: number;
  /** How many texts that share nothing would be as diverse: from 1 to the number of texts. */
  readonly vendiScore: number;
}

/** The mean of 1 - similarity over all pairs. */
export function meanPairwiseDistance(similarities: Matrix): number {
  const { rows, values } = similarities;
  if (rows < 2) return 0;
  let sum = 0;
  for (const value of values) sum += value;
  for (let i = 0; i < rows; i += 1) sum -= values[i * rows + i] ?? 0;
  return 1 - sum / (rows * (rows - 1));
}

/**
 * The Vendi score (Friedman and Dieng, 2023): e to the entropy of the eigenvalues of the similarities over their
 * number. Exact, from all eigenvalues.
 *
 * @param similarities symmetric, none of its eigenvalues below 0, with 1 on the diagonal
 */
export function vendiScore(similarities: Matrix): number {
  const { rows } = similarities;
  let entropy = 0;
  for (const value of symmetricEigenvalues(similarities)) {
    const share = value / rows;
    // Rounding leaves some below 0 that are nothing.
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}
