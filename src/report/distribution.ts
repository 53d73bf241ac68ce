/** How often each of some whole numbers was met, by the number: all that is kept of a million of them. */
export type Distribution = Readonly<Record<number, number>>;

/** A distribution in a few numbers. */
export interface DistributionSummary {
  readonly count: number;
  readonly mean: number;
  readonly least: number;
  readonly median: number;
  /** Nine of ten are at most this. */
  readonly ninetieth: number;
  readonly most: number;
}

/** Counts whole numbers. */
export class Counter {
  readonly #counts = new Map<number, number>();

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  distribution(): Distribution {
    return Object.fromEntries(this.#counts);
  }
}

/** The numbers in ascending order with how often each was met. */
function entriesOf(distribution: Distribution): readonly (readonly [value: number, count: number])[] {
  return Object.entries(distribution)
    .map(([value, count]) => [Number(value), count] as const)
    .sort(([one], [other]) => one - other);
}

/** The smallest number that is not below so large a share of all. */
function quantile(entries: ReturnType<typeof entriesOf>, count: number, share: number): number {
  let below = 0;
  for (const [value, times] of entries) {
    below += times;
    if (below >= share * count) return value;
  }
  return Number.NaN;
}

/** A distribution in a few numbers; undefined when nothing was counted. */
export function summaryOf(distribution: Distribution): DistributionSummary | undefined {
  const entries = entriesOf(distribution);
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const count = entries.reduce((sum, [, times]) => sum + times, 0);
  return {
    count,
    mean: entries.reduce((sum, [value, times]) => sum + value * times, 0) / count,
    least: first[0],
    median: quantile(entries, count, 0.5),
    ninetieth: quantile(entries, count, 0.9),
    most: last[0],
  };
}

/** A span of whole numbers, both ends within, and how many were met in it. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const WIDTHS = [1, 2, 5];

/** A width of 1, 2 or 5 times a power of ten with which so many bins are enough. */
function binWidth(span: number, bins: number): number {
  for (let power = 1; ; power *= 10) {
    const width = WIDTHS.map((each) => each * power).find((each) => span / each <= bins);
    if (width !== undefined) return width;
  }
}

/** Several distributions as one. */
export function mergedDistribution(distributions: readonly Distribution[]): Distribution {
  const sums: Record<number, number> = {};
  for (const [value, count] of distributions.flatMap(entriesOf)) sums[value] = (sums[value] ?? 0) + count;
  return sums;
}

/**
 * A distribution in at most about so many bins of one width, the empty ones between them too. Where several are set
 * beside each other, the bins of all are those of `over`, which is all of them together.
 */
export function binsOf(distribution: Distribution, bins = 24, over = distribution): readonly Bin[] {
  const wide = entriesOf(over);
  const [least, most] = [wide[0]?.[0], wide.at(-1)?.[0]];
  if (least === undefined || most === undefined) return [];
  const width = binWidth(most - least + 1, bins);
  const begin = Math.floor(least / width) * width;
  const counts = new Array<number>(Math.floor((most - begin) / width) + 1).fill(0);
  for (const [value, count] of entriesOf(distribution)) {
    const bin = Math.floor((value - begin) / width);
    counts[bin] = (counts[bin] ?? 0) + count;
  }
  return counts.map((count, place) => {
    const from = begin + place * width;
    return { from, to: from + width - 1, count };
  });
}
