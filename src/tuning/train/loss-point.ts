/** The loss at a step of the optimizer, a line of `loss.jsonl`. */
export interface LossPoint {
  /** The step at which it was printed, from 1. */
  readonly step: number;
  readonly epoch?: number;
  /** The mean over the steps since the last point; null when it was not a finite number. */
  readonly loss: number | null;
  readonly learningRate?: number;
  readonly gradientNorm?: number;
}
