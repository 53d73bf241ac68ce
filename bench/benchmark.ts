import type { Goal } from "./goal.ts";
import type { Spread } from "./spread.ts";

/** How a benchmark is run. */
export interface BenchmarkOptions {
  /** Fewer rounds and smaller amounts: shows that it runs; its figures are not worth keeping. */
  readonly quick: boolean;
  /** Told what is going on, a line at a time. */
  readonly progress: (note: string) => void;
}

/** A column of a report's table. */
export interface Column {
  readonly title: string;
  /** Digits after the decimal point. */
  readonly digits: number;
}

/** A row of a report's table: one figure a column, null where it has none. */
export interface Row {
  readonly name: string;
  readonly figures: readonly (Spread | number | null)[];
}

/** What a benchmark found. */
export interface Report {
  /** How it was measured, in one sentence. */
  readonly method: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
  /** Packages whose versions belong to the figures. */
  readonly packages: readonly string[];
}

/** One question that is answered by measuring. */
export interface Benchmark {
  readonly name: string;
  /** What is measured, in one sentence. */
  readonly question: string;
  run(options: BenchmarkOptions): Promise<Report>;
}
