/** The figures of several rounds. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly rounds: number;
}

/** The spread of the figures of at least one round. */
export function spreadOf(figures: readonly number[]): Spread {
  const ascending = [...figures].sort((one, other) => one - other);
  const at = (place: number): number => ascending[place] ?? Number.NaN;
  const middle = (ascending.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    minimum: at(0),
    maximum: at(ascending.length - 1),
    rounds: ascending.length,
  };
}
