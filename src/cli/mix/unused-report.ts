import { environmentName } from "../../dataset/environment.ts";
import { printableLine } from "../../printable.ts";
import { mixWords } from "../export-words.ts";
import type { Host } from "../terminal/host.ts";

/** How many of the rows that cannot be used are told one by one. */
const SHOWN = 20;

/** Tells of rows that are not used; the first of the bad ones by their number. */
export class UnusedReport {
  readonly #host: Host;
  /** Rows that were left out by each environment that is to be excluded. */
  readonly #excluded: Map<string, number>;
  #bad = 0;
  #unplaced = 0;

  /** @param excludeEnvironment the environments as the user gives them */
  constructor(host: Host, excludeEnvironment: readonly string[]) {
    this.#host = host;
    const names = new Map(excludeEnvironment.map((given) => [environmentName(given), given]));
    this.#excluded = new Map([...names.values()].map((given) => [given, 0]));
  }

  readonly onProblem = (shown: string, row: number, problem: string): void => {
    this.#bad += 1;
    if (this.#bad <= SHOWN) this.#write(mixWords.badRow(shown, row, problem));
  };

  readonly onExcluded = (environment: string): void => {
    this.#excluded.set(environment, (this.#excluded.get(environment) ?? 0) + 1);
  };

  readonly onUnplaced = (): void => {
    this.#unplaced += 1;
  };

  /** How many rows were not used so far and why, and how many were kept whose environment is not known. */
  get counts(): { readonly bad: number; readonly excluded: number; readonly unplaced?: number } {
    const excluded = [...this.#excluded.values()].reduce((sum, count) => sum + count, 0);
    const counts = { bad: this.#bad, excluded };
    return this.#excluded.size === 0 ? counts : { ...counts, unplaced: this.#unplaced };
  }

  /** The same as names and values for the README. */
  get facts(): readonly (readonly [string, string])[] {
    const bad = ["bad rows left out", `${this.#bad}`] as const;
    if (this.#excluded.size === 0) return [bad];
    const excluded = [...this.#excluded].map(([name, count]) => `${name} ${count}`).join(", ");
    return [
      bad,
      ["rows left out by environment", excluded],
      ["rows kept whose id names no known environment", `${this.#unplaced}`],
    ];
  }

  /** Tells what was not told row by row. */
  end(): void {
    if (this.#bad > SHOWN) this.#write(mixWords.moreBadRows(this.#bad - SHOWN));
    const { excluded } = this.counts;
    if (excluded > 0) this.#write(mixWords.excluded(excluded));
    for (const [name, count] of this.#excluded) if (count === 0) this.#write(mixWords.matchesNone(name));
    if (this.#excluded.size > 0 && this.#unplaced > 0) this.#write(mixWords.unplaced(this.#unplaced));
  }

  #write(line: string): void {
    this.#host.stderr.write(`${printableLine(line)}\n`);
  }
}
