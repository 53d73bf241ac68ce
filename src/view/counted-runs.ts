import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { errorMessage } from "../errors.ts";
import { isFields } from "../model/call.ts";
import { type RunStatistics, statisticsOfRun } from "../report/run-statistics.ts";
import { writeFileAtomically } from "../runs/atomic-file.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { keptName } from "./kept-name.ts";

/** Statistics of a run, those of an earlier moment while new ones are being counted, or why there are none. */
export interface Counted {
  readonly statistics: RunStatistics | undefined;
  readonly isCounting: boolean;
  readonly problem: string | undefined;
}

interface State {
  /** The version of the run that was counted last, or is being counted. */
  version: string;
  counting: Promise<void> | undefined;
  statistics: RunStatistics | undefined;
  problem: string | undefined;
  /** When the next count may begin, in milliseconds since 1970: counting a growing run again and again is dear. */
  restUntil: number;
}

/** Changes when what statistics hold changes. */
const FORMAT = 1;
const keptSchema = z.object({
  format: z.literal(FORMAT),
  version: z.string(),
  statistics: z.custom<RunStatistics>(isFields),
});

/** Milliseconds that a page waits for a count before it is shown without it. */
const PATIENCE = 1200;
/** After a count this many times as long nothing is counted again. */
const REST = 4;
/** Counts that took longer are kept in a file. */
const DEAR = 2000;

/** Counts what runs are, which takes a pass over all their records, no more often than is worth it. */
export class CountedRuns {
  readonly #folder: string;
  readonly #states = new Map<string, State>();

  /** @param folder where counts are kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What is known of a run; `version` is that of its index. */
  async of(name: string, run: RunFolder, version: string): Promise<Counted> {
    const state = this.#states.get(run.directory) ?? (await this.#begin(run));
    if (state.version !== version && state.counting === undefined && Date.now() >= state.restUntil) {
      state.counting = this.#count(state, name, run, version).finally(() => {
        state.counting = undefined;
      });
    }
    const { counting } = state;
    if (counting !== undefined && state.statistics === undefined) {
      await Promise.race([counting, new Promise<void>((done) => setTimeout(done, PATIENCE))]);
    }
    const { statistics, problem } = state;
    return { statistics, problem, isCounting: state.version !== version };
  }

  async #file({ directory }: RunFolder): Promise<string> {
    return join(this.#folder, `${await keptName(directory)}.statistics.json`);
  }

  async #begin(run: RunFolder): Promise<State> {
    const state: State = {
      version: "",
      counting: undefined,
      statistics: undefined,
      problem: undefined,
      restUntil: 0,
    };
    this.#states.set(run.directory, state);
    try {
      const kept = keptSchema.parse(JSON.parse(await readFile(await this.#file(run), "utf8")));
      return Object.assign(state, { version: kept.version, statistics: kept.statistics });
    } catch {
      return state;
    }
  }

  async #count(state: State, name: string, run: RunFolder, version: string): Promise<void> {
    const begun = Date.now();
    try {
      state.problem = undefined;
      state.statistics = await statisticsOfRun(run, { name });
    } catch (error) {
      state.problem = errorMessage(error);
      return;
    } finally {
      state.version = version;
      state.restUntil = Date.now() + REST * (Date.now() - begun);
    }
    if (Date.now() - begun < DEAR) return;
    const text = JSON.stringify({ format: FORMAT, version, statistics: state.statistics });
    // A folder that cannot be written costs another count, and nothing else.
    await writeFileAtomically(await this.#file(run), text).catch(() => undefined);
  }
}
