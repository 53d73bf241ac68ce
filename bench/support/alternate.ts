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

/** One of the things that are compared. */
export interface Arm<Measurement> {
  readonly name: string;
  readonly measure: () => Promise<Measurement>;
}

/** What an arm's rounds came to. */
export interface ArmResult<Measurement> {
  readonly name: string;
  readonly rounds: readonly Measurement[];
  /** The spread of one figure over the rounds. */
  readonly spread: (figure: (measurement: Measurement) => number) => Spread;
}

/** How often arms are measured. */
export interface AlternateOptions {
  readonly rounds: number;
  /** Whether a round is run before those that count; true when not given. */
  readonly warmUp?: boolean;
  readonly progress: (note: string) => void;
}

/**
 * Measures the arms in turn, round after round (A B A B), so that what else the machine does falls on all of
 * them. Garbage is collected before each measurement, so that no arm pays for another's.
 */
export async function alternate<Measurement>(
  arms: readonly Arm<Measurement>[],
  { rounds, warmUp = true, progress }: AlternateOptions,
): Promise<readonly ArmResult<Measurement>[]> {
  const measured = new Map<string, Measurement[]>(arms.map(({ name }) => [name, []]));
  for (let round = warmUp ? 0 : 1; round <= rounds; round += 1) {
    for (const { name, measure } of arms) {
      progress(round === 0 ? `${name}: warm-up` : `${name}: round ${round} of ${rounds}`);
      globalThis.gc?.();
      const measurement = await measure();
      if (round > 0) measured.get(name)?.push(measurement);
    }
  }
  return arms.map(({ name }) => {
    const all = measured.get(name) ?? [];
    return { name, rounds: all, spread: (figure) => spreadOf(all.map(figure)) };
  });
}

/** The figure of each round of one arm divided by that of the same round of another. */
export function ratioOf<Measurement>(
  one: ArmResult<Measurement>,
  other: ArmResult<Measurement>,
  figure: (measurement: Measurement) => number,
): Spread {
  return spreadOf(
    one.rounds.map((measurement, round) => {
      const against = other.rounds[round];
      return against === undefined ? Number.NaN : figure(measurement) / figure(against);
    }),
  );
}
