import { shorten } from "./table.ts";

/** A part of a line; those with a higher rank are left out first when the line is too long. */
export interface Segment {
  readonly text: string;
  readonly rank: number;
}

/** Parts as one line of at most `width` characters; what matters least is left out first. */
export function fitLine(segments: readonly Segment[], width: number): string {
  let kept = segments;
  const join = (): string => kept.map(({ text }) => text).join("  ");
  while (join().length > width) {
    const rank = Math.max(...kept.map((segment) => segment.rank));
    if (rank === 0) return shorten(join(), width);
    kept = kept.filter((segment) => segment.rank !== rank);
  }
  return join();
}
