/** How one recorded row (an episode, a grid, a seed) compares with what we make of it. */
export interface RowReport {
  /** How many recorded steps, or other things to compare, came out equal before the first difference. */
  readonly equal: number;
  readonly total: number;
  /** The first difference in words; undefined when all is equal. */
  readonly difference: string | undefined;
}

/** Replays one recorded row and compares every recorded field. @throws when the row is not of the expected form. */
export type ReplayRow = (row: unknown) => RowReport | Promise<RowReport>;

/** A recording that can be replayed, or why not. */
export type Replayer =
  | { readonly code: "ready"; readonly unit: string; readonly replayRow: ReplayRow }
  | { readonly code: "unavailable"; readonly reason: string };

/** How a whole file compares. */
export interface FileReport {
  readonly rows: number;
  readonly equalRows: number;
  readonly total: number;
  readonly equal: number;
  /** The first differences, with their row numbers from 0. */
  readonly differences: readonly string[];
}

/** Names the first field whose recorded value is not equal to ours; undefined when all are. */
export function firstDifference(
  recorded: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [field, value] of Object.entries(recorded)) {
    const expected = JSON.stringify(value);
    const actual = JSON.stringify(ours[field]);
    if (expected !== actual) return `${field}: recorded ${expected}, ours ${actual}`;
  }
  return undefined;
}

const SHOWN_DIFFERENCES = 3;

/** Replays every line of a recording. @param text JSON Lines. */
export async function replayFile(text: string, replayRow: ReplayRow): Promise<FileReport> {
  const lines = text.split("\n").filter((line) => line !== "");
  const reports: RowReport[] = [];
  for (const line of lines) reports.push(await replayRow(JSON.parse(line)));
  const differences = reports.flatMap(({ difference }, row) =>
    difference === undefined ? [] : [`row ${row}: ${difference}`],
  );
  return {
    rows: reports.length,
    equalRows: reports.length - differences.length,
    total: reports.reduce((sum, { total }) => sum + total, 0),
    equal: reports.reduce((sum, { equal }) => sum + equal, 0),
    differences: differences.slice(0, SHOWN_DIFFERENCES),
  };
}
