import type { TrainingProgress } from "../../tuning/train/train.ts";
import { fitLine, type Segment } from "../fit-line.ts";
import { oneDigit } from "../numbers.ts";
import { paceSegments } from "../pace.ts";

/** A loss in four digits. */
export function lossWords(loss: number | null | undefined, none: string): string {
  return loss === null || loss === undefined ? none : loss.toPrecision(4);
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
  const last = points.at(-1);
  const segments: readonly Segment[] = [
    { text: total === undefined ? `step ${step}` : `step ${step}/${total}`, rank: 0 },
    ...(last === undefined
      ? []
      : [
          { text: `loss ${lossWords(last.loss, "not a number")}`, rank: 0 },
          { text: `from ${lossWords(points[0]?.loss, "not a number")}`, rank: 2 },
        ]),
    ...(last?.epoch === undefined ? [] : [{ text: `epoch ${oneDigit(last.epoch)}`, rank: 3 }]),
    ...(total === undefined ? [] : paceSegments({ total, ended: step, endedBefore: 1, seconds })),
  ];
  return fitLine(segments, width);
}
