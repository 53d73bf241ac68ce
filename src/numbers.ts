const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WHOLE = new Intl.NumberFormat("en-US");

/** A whole number with separators: `1,204`. */
export function wholeNumber(value: number): string {
  return WHOLE.format(Math.round(value));
}

/** Names and how often each was counted, the most frequent first; those that are as frequent by their names. */
export function mostFrequent(
  counts: Readonly<Record<string, number>>,
): readonly (readonly [name: string, count: number])[] {
  return Object.entries(counts).sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
}

/** A number of things in words: `1 row`, `1,204 rows`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : several}`;
}

/** A number in few characters: `940`, `21.4k`, `2.1M`, `1.3B`. */
export function shortNumber(value: number): string {
  const units = [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  if (value < 9999.5) return wholeNumber(value);
  // Half of the last digit that is shown: 999,960 is 1.0M, not 1000.0k.
  const [size, letter] = units.find(([least]) => value >= 0.999_95 * least) ?? [1, ""];
  return `${(value / size).toFixed(1)}${letter}`;
}

/** A share as per cent: `96.2 %`; `–` of nothing. */
export function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** Dollars, with more digits for small sums: `$1.93`, `$0.0042`. */
export function dollars(value: number): string {
  if (value > 0 && value < 0.0001) return "<$0.0001";
  if (value > 0 && value < 0.1) return `$${value.toPrecision(2)}`;
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** A number with one digit behind the point: `8.2`. */
export function oneDigit(value: number): string {
  return value.toFixed(1);
}

/** A time span in its two largest units: `4.2s`, `45s`, `3m 20s`, `2h 5m`, `1d 4h`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)}s`;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole}s`;
  const [large, small, size, letters] =
    whole < HOUR ? [MINUTE, 1, "m", "s"] : whole < DAY ? [HOUR, MINUTE, "h", "m"] : [DAY, HOUR, "d", "h"];
  const rest = Math.floor((whole % large) / small);
  return `${Math.floor(whole / large)}${size}${rest === 0 ? "" : ` ${rest}${letters}`}`;
}

const HALF_A_YEAR = 183 * DAY * 1000;

/** How a cost names prices that are over half a year old, of which providers have changed some; else nothing. */
export function priceAge(asOf: string | undefined, now: number = Date.now()): string {
  const then = Date.parse(asOf ?? "");
  return Number.isNaN(then) || now - then < HALF_A_YEAR ? "" : ` (prices of ${asOf}; newer: --prices)`;
}
