import type { TrainingProgress } from "../../training/train.ts";
import { oneDigit } from "../terminal/numbers.ts";
import { paceSegments } from "../terminal/progress.ts";
import { fitLine, type Segment } from "../terminal/table.ts";
import { trainWords } from "../train-words.ts";

/** A loss in four digits; null is one that is not a number. */
export function lossWords(loss: number | null): string {
  return loss === null ? trainWords.notANumber : loss.toPrecision(4);
}

/**
 * How far a training has come as one line of at most `width` characters; what matters least is left out first.
 *
 * @param seconds since the first step was done
 */
export function trainingLine(
  { step, total, points }: TrainingProgress,
  seconds: number,
  width: number,
): string {
  const [first, last] = [points[0], points.at(-1)];
  const segments: readonly Segment[] = [
    { text: total === undefined ? `step ${step}` : `step ${step}/${total}`, rank: 0 },
    ...(last === undefined ? [] : [{ text: `loss ${lossWords(last.loss)}`, rank: 0 }]),
    ...(first === undefined ? [] : [{ text: `from ${lossWords(first.loss)}`, rank: 2 }]),
    ...(last?.epoch === undefined ? [] : [{ text: `epoch ${oneDigit(last.epoch)}`, rank: 3 }]),
    ...(total === undefined ? [] : paceSegments({ total, ended: step, endedBefore: 1, seconds })),
  ];
  return fitLine(segments, width);
}
