/** Stands in a table for a number that there is not. */
export const BLANK = "–";

/** A rate from 0 to 1 in per cent, without the sign. */
export function percent(value: number, digits = 1): string {
  return (100 * value).toFixed(digits);
}
