import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { readDataFile } from "../dataset/read-data-file.ts";
import { AgentRefineError, errorMessage } from "../errors.ts";
import { IndexedEvaluation } from "../evaluation/indexed-evaluation.ts";
import { costOf, priceSchema } from "../model/money.ts";
import type { Chart } from "../report/charts/chart.ts";
import { openRunFolder, type RunFolder } from "../runs/run-folder.ts";
import { IndexedRun } from "../synthesis/indexed-run.ts";
import { CountedRuns } from "./counted-runs.ts";
import { indexFile } from "./kept-name.ts";
import { shownRow } from "./read-data.ts";

/** Something that can be looked at. */
export interface Found {
  readonly kind: "run" | "evaluation" | "data";
  /** Its name in addresses: the path as it is shown, without slashes. */
  readonly key: string;
  /** Its path from where the command was started, else the whole one. */
  readonly shown: string;
  /** An absolute path. */
  readonly path: string;
  /** What was read of a run's or an evaluation's `run.json`. */
  readonly folder?: RunFolder;
}

/** Something that looks like one of those and cannot be read, and why. */
export interface Unreadable {
  readonly shown: string;
  readonly problem: string;
}

/** What lies at and below the given paths. */
export interface Findings {
  readonly found: readonly Found[];
  readonly unreadable: readonly Unreadable[];
}

/** Thrown when something is being read for the first time, which takes longer than a page waits. */
export class BeingRead extends Error {
  readonly title: string;

  constructor(title: string, message: string) {
    super(message);
    this.title = title;
  }
}

/** Waits for something as long as a page does. */
async function patiently(reading: Promise<unknown>): Promise<void> {
  await Promise.race([reading, new Promise<void>((done) => setTimeout(done, PATIENCE).unref())]);
}

/** What a library is made over. */
export interface LibraryOptions {
  /** Paths of folders and files, as they were given. */
  readonly paths: readonly string[];
  /** What relative paths are relative to. */
  readonly directory: string;
  /** A folder for the indexes of runs. */
  readonly indexes: string;
}

/** How deep runs are looked for, and how many folders are opened for that. */
const DEEPEST = 5;
const MOST_FOLDERS = 5000;
/** Milliseconds that a page waits for a run or an evaluation to be read before it says so. */
const PATIENCE = 1500;

const DATA_FILE = /\.(?:jsonl|json|parquet)(?:\.gz)?$/;
/** Files of other programs and of ours that hold no rows. */
const NO_DATA = /^(?:package(?:-lock)?|tsconfig.*|agentrefine\.(?:config|schema))\.json$/;

/** Runs, evaluations and data files below some paths; looked through anew each time that they are asked for. */
export class Library {
  readonly #options: LibraryOptions;
  #known: readonly Found[] = [];
  /** Those that were opened, so that each is read once and then only what it has grown by. */
  readonly #runs = new Map<string, RunState>();
  readonly #evaluations = new Map<string, { readonly evaluation: IndexedEvaluation; isReady: boolean }>();

  /** What the runs come to. */
  readonly counted: CountedRuns;
  /** The charts of pages. */
  readonly drawings = new ChartDrawings();

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.counted = new CountedRuns(options.indexes);
  }

  /** The paths as they were given. */
  get paths(): readonly string[] {
    return this.#options.paths;
  }

  /** Looks through the paths. */
  async look(): Promise<Findings> {
    const search = new Search(this.#options.directory);
    for (const path of this.#options.paths)
      await search.path(resolve(this.#options.directory, path), DEEPEST, true);
    this.#known = search.found;
    return { found: search.found, unreadable: search.unreadable };
  }

  /** What has this name in addresses; looked for only when it is not known yet, or no longer there. */
  async find(kind: Found["kind"], key: string): Promise<Found | undefined> {
    const isIt = (each: Found): boolean => each.kind === kind && each.key === key;
    const known = this.#known.find(isIt);
    if (known !== undefined && (await stat(known.folder?.paths.run ?? known.path).catch(() => undefined)))
      return known;
    return (await this.look()).found.find(isIt);
  }

  /** A run for reading, as it is now. Throws BeingRead, and AgentRefineError when the disk refuses. */
  async run({ path, folder, shown }: Found): Promise<IndexedRun> {
    if (folder === undefined) throw new AgentRefineError(`${path} is not a run`);
    const state = this.#runs.get(path) ?? this.#beginRun(path, folder);
    if (state.run === undefined) await patiently(state.opening);
    else await state.run.refresh();
    if (state.run !== undefined) return state.run;
    const done = `${Math.round(state.share * 100)} % of it is looked through. This is done once.`;
    throw new BeingRead(`Looking through ${shown}`, done);
  }

  #beginRun(path: string, folder: RunFolder): RunState {
    const onProgress = (share: number): void => {
      state.share = share;
    };
    const opening = indexFile(this.#options.indexes, path)
      .then((file) => IndexedRun.open(folder.paths, { file, onProgress }))
      .then((run) => {
        state.run = run;
      });
    const state: RunState = { opening, share: 0 };
    opening.catch(() => this.#runs.delete(path));
    this.#runs.set(path, state);
    return state;
  }

  /** An evaluation as it is now. Throws BeingRead. */
  async evaluation(found: Found): Promise<OpenedEvaluation> {
    const state = this.#evaluations.get(found.path) ?? { evaluation: evaluationOf(found), isReady: false };
    this.#evaluations.set(found.path, state);
    const reading = state.evaluation.refresh().then(() => {
      state.isReady = true;
    });
    await patiently(reading);
    if (state.isReady) return { found, evaluation: state.evaluation };
    throw new BeingRead(`Reading ${found.shown}`, "Its episodes are being read. This is done once.");
  }
}

interface RunState {
  readonly opening: Promise<void>;
  share: number;
  run?: IndexedRun;
}

/** An evaluation that was found and is ready to be read. */
export interface OpenedEvaluation {
  readonly found: Found;
  readonly evaluation: IndexedEvaluation;
}

function evaluationOf({ path, folder }: Found): IndexedEvaluation {
  const price = priceSchema.safeParse(folder?.description.prices).data;
  const isFree = folder?.description.settings.model === undefined;
  return new IndexedEvaluation(path, (usage) => {
    if (price !== undefined) return costOf(price, usage);
    return isFree ? 0 : null;
  });
}

/** One look through folders. */
class Search {
  readonly found: Found[] = [];
  readonly unreadable: Unreadable[] = [];
  readonly #directory: string;
  readonly #keys = new Set<string>();
  #folders = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Looks at a file or a folder and what is below it; `isGiven` when it was named by the user. */
  async path(path: string, deepest: number, isGiven: boolean): Promise<void> {
    try {
      if ((await stat(path)).isDirectory()) await this.#folder(path, deepest);
      else await this.#file(path, isGiven);
    } catch (error) {
      this.unreadable.push({ shown: this.#shown(path), problem: errorMessage(error) });
    }
  }

  async #folder(path: string, deepest: number): Promise<void> {
    this.#folders += 1;
    if (this.#folders > MOST_FOLDERS) return;
    const entries = await readdir(path, { withFileTypes: true });
    if (entries.some(({ name }) => name === "run.json")) {
      const folder = await openRunFolder(path);
      const kind = folder.description.settings.kind === "evaluation" ? "evaluation" : "run";
      this.#add({ kind, path, folder });
      return;
    }
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const { name } = entry;
      if (name.startsWith(".") || name === "node_modules") continue;
      if (entry.isDirectory() && deepest > 0) await this.path(join(path, name), deepest - 1, false);
      else if (entry.isFile() && DATA_FILE.test(name) && !NO_DATA.test(name))
        await this.path(join(path, name), 0, false);
    }
  }

  /** A file counts when its first row is a dialogue; one that was given and is none is told of. */
  async #file(path: string, isGiven: boolean): Promise<void> {
    let problem = "it has no row";
    for await (const row of readDataFile(path, this.#shown(path))) {
      const read = shownRow(row, 0);
      if (read.problem === undefined) return this.#add({ kind: "data", path });
      problem = `its first row ${read.problem}`;
      break;
    }
    if (isGiven) this.unreadable.push({ shown: this.#shown(path), problem });
  }

  #shown(path: string): string {
    const short = relative(this.#directory, path);
    return short === "" ? basename(path) : short.startsWith("..") ? path : short;
  }

  #add(what: Omit<Found, "key" | "shown">): void {
    if (this.found.some(({ path }) => path === what.path)) return;
    const shown = this.#shown(what.path);
    const name = shown.replace(/^\/+/, "").replace(/[/\\]+/g, "~");
    let key = name;
    for (let more = 2; this.#keys.has(key); more += 1) key = `${name}-${more}`;
    this.#keys.add(key);
    this.found.push({ ...what, key, shown });
  }
}

/** Drawings that are kept; a page of a run or an evaluation has a handful. */
const KEPT_DRAWINGS = 60;

/** Charts as SVG for pages, each drawn once: drawing one takes as long as all else of a page. */
class ChartDrawings {
  readonly #drawn = new Map<string, Promise<string>>();

  /** The drawing of a chart, with colours that the style sheet sets. */
  of(chart: Chart): Promise<string> {
    const key = JSON.stringify(chart);
    const known = this.#drawn.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#drawn.keys();
    if (this.#drawn.size >= KEPT_DRAWINGS && oldest !== undefined) this.#drawn.delete(oldest);
    // Vega is large, and most pages have no chart.
    const drawing = import("../report/render-chart.ts").then(({ renderChart }) => renderChart(chart, "page"));
    this.#drawn.set(key, drawing);
    return drawing;
  }
}
