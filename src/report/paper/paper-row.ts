/** The suites of the paper's tables, in their order. */
export const PAPER_SUITES = ["alfworld", "babyai", "sciworld", "pddl", "jericho"] as const;

/** A suite of the paper's tables. */
export type PaperSuite = (typeof PAPER_SUITES)[number];

/** A success rate and a progress rate in per cent, as they are printed. */
export interface PaperScore {
  readonly success: number;
  readonly progress: number;
}

/** One row of a table of the paper. */
export interface PaperRow {
  /** The base model, where the table has several. */
  readonly series: string;
  readonly method: string;
  /** Suites that the row leaves blank are missing. */
  readonly scores: ReadonlyMap<PaperSuite, PaperScore>;
}

/** Reads a row as it is printed: success and progress of each suite in turn, `-` for a blank. */
export function paperRow(series: string, method: string, printed: string): PaperRow {
  const cells = printed.split(" ");
  const scores = PAPER_SUITES.flatMap((suite, place): readonly (readonly [PaperSuite, PaperScore])[] => {
    const [success, progress] = cells.slice(2 * place, 2 * place + 2).map(Number);
    if (success === undefined || progress === undefined || Number.isNaN(success)) return [];
    return [[suite, { success, progress }]];
  });
  return { series, method, scores: new Map(scores) };
}
