import type { Spread } from "./alternate.ts";

/** How a benchmark is run. */
export interface BenchmarkOptions {
  /** Fewer rounds and smaller amounts: shows that it runs; its figures are not worth keeping. */
  readonly quick: boolean;
  /** The amount in place of the usual one, for benchmarks that can be of any size. */
  readonly size?: number | undefined;
  /** A run to measure, made there when it is not there yet, for benchmarks that need a large one. */
  readonly path?: string | undefined;
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

/** A figure that was asked for, and what it came to. */
export interface Goal {
  readonly words: string;
  readonly figure: number;
  readonly bound: "at most" | "at least";
  readonly limit: number;
  readonly outcome: "reached" | "missed";
}

/** A goal that is reached by a figure of `limit` or less. */
export function atMost(words: string, figure: number, limit: number): Goal {
  return { words, figure, bound: "at most", limit, outcome: figure <= limit ? "reached" : "missed" };
}

/** A goal that is reached by a figure of `limit` or more. */
export function atLeast(words: string, figure: number, limit: number): Goal {
  return { words, figure, bound: "at least", limit, outcome: figure >= limit ? "reached" : "missed" };
}

/** The report of a benchmark that needs files which do not come with the project: it says so and has no figures. */
export function notMeasured(needs: string): Report {
  return { method: `Not measured: this needs ${needs}.`, columns: [], rows: [], goals: [], packages: [] };
}
