import { realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openDataSources } from "../../dataset/data-source.ts";
import { AgentRefineError } from "../../errors.ts";
import { readEpisodes } from "../../evaluation/episode.ts";
import { openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import type { Chart } from "../charts/chart.ts";
import { type ComparedEvaluations, compareEvaluations, type ReadEvaluation } from "../compare-evaluations.ts";
import type { ComparedEvaluation } from "../comparison.ts";
import { type CountedWith, dataStatistics } from "../data-statistics.ts";
import { type DataTexts, drawTexts } from "../figures/data-texts.ts";
import { DATA_INSTRUCTIONS } from "../figures/instruction-similarity.ts";
import { type Embedder, MAP_THOUGHTS } from "../figures/thought-map.ts";
import { type ProgressByTurn, progressByTurn } from "../progress-by-turn.ts";
import type { Part } from "../render.ts";
import type { RunStatistics } from "../run-statistics.ts";

/** What is known of how the player of an evaluation was trained, which no record says. */
export interface TrainedOn {
  /** The folder of the evaluation. */
  readonly evaluation: string;
  /** Rows of agent data, and of general data (section 9). */
  readonly rows: number;
  readonly general?: number | undefined;
  /**
   * What the training was otherwise: an ablation ({@link TRAINED_OTHERWISE}), or else the model that wrote the data
   * (Table 5).
   */
  readonly otherwise?: string | undefined;
}

/** The ablations of the paper by which an evaluation's training can be told: Table 2, Table 11 and Table 8. */
export const TRAINED_OTHERWISE: Readonly<Record<string, string>> = {
  "no-refinement-loss": "w/o refinement loss",
  "no-refinement-data": "w/o refinement data",
  "erroneous-loss": "w erroneous loss",
  "no-verification": "w/o verification",
  "no-held-in": "w/o IND data",
};

/** An evaluation with all that a report needs of it. */
export interface ReportedEvaluation extends ReadEvaluation {
  /** Its folder, absolute. */
  readonly path: string;
  readonly compared: ComparedEvaluation;
  /** What makes it unlike the paper's; none when nothing does. */
  readonly unlike: readonly string[];
  readonly trained: TrainedOn | undefined;
  readonly progress: readonly ProgressByTurn[];
}

/** How the figures are made that take their time: 6 and 7. */
export interface FigureOptions {
  /** Seeds what is drawn of large sets; 1 when not given. */
  readonly seed?: number | undefined;
  /** Whether Figure 6 is drawn, which takes minutes for a large set; it is when not given. */
  readonly map?: boolean | undefined;
  /** Makes vectors of texts, which are else compared by their words. */
  readonly embedder?: Embedder | undefined;
  readonly stop?: AbortSignal | undefined;
  /** Told of what is being done, and how far it is. */
  readonly onProgress?: ((work: string, done: number, total: number) => void) | undefined;
}

/** What a report is made of. */
export interface Material {
  readonly evaluations: readonly ReportedEvaluation[];
  /** Undefined without evaluations. */
  readonly compared: ComparedEvaluations | undefined;
  /** Runs and files. */
  readonly data: readonly RunStatistics[];
  /** The runs among them, with the names that they have. */
  readonly runs: readonly { readonly name: string; readonly run: RunFolder }[];
  /** Thoughts and instructions drawn from the data, read once when they are first asked for. */
  readonly texts: () => Promise<readonly DataTexts[]>;
  readonly figures: FigureOptions & { readonly seed: number };
}

/** What a report is asked to be made of. */
export interface MaterialOptions extends FigureOptions {
  /** What relative paths are relative to; the working directory when not given. */
  readonly directory?: string | undefined;
  readonly trained?: readonly TrainedOn[] | undefined;
  readonly tokens?: CountedWith | undefined;
}

interface Sorted {
  readonly evaluations: readonly string[];
  readonly data: readonly string[];
  readonly runs: Material["runs"];
}

async function runAt(path: string): Promise<RunFolder | undefined> {
  const isThere = await stat(join(path, "run.json")).catch(() => undefined);
  return isThere === undefined ? undefined : openRunFolder(path);
}

/** Which of the paths are evaluations. Rejects with an AgentRefineError when one is given twice. */
async function sorted(paths: readonly string[], directory: string): Promise<Sorted> {
  const [evaluations, data]: [string[], string[]] = [[], []];
  const runs: { name: string; run: RunFolder }[] = [];
  const seen = new Set<string>();
  for (const given of paths) {
    const path = resolve(directory, given);
    const real = await realpath(path).catch(() => path);
    if (seen.has(real)) throw new AgentRefineError(`${given} is given twice`, { fix: "Give each once." });
    seen.add(real);
    const run = await runAt(path);
    if (run?.description.settings.kind === "evaluation") evaluations.push(given);
    else data.push(given);
    if (run !== undefined && run.description.settings.kind !== "evaluation") runs.push({ name: given, run });
  }
  return { evaluations, data, runs };
}

/** What was said of trainings by the path of the evaluation. Throws AgentRefineError for one that is not reported. */
function trainings(
  trained: readonly TrainedOn[],
  evaluations: readonly string[],
  directory: string,
): ReadonlyMap<string, TrainedOn> {
  const known = new Set(evaluations.map((each) => resolve(directory, each)));
  return new Map(
    trained.map((each) => {
      const path = resolve(directory, each.evaluation);
      if (known.has(path)) return [path, each];
      throw new AgentRefineError(`${each.evaluation} is told how it was trained, but not to be reported`, {
        fix: "Give the folder of the evaluation too.",
      });
    }),
  );
}

/** Draws the texts of data sets, at the first time that they are asked for. */
function textsOnce(
  data: readonly string[],
  directory: string,
  { seed, stop, onProgress }: Material["figures"],
): Material["texts"] {
  let drawn: Promise<readonly DataTexts[]> | undefined;
  const draw = async (): Promise<readonly DataTexts[]> => {
    const all: DataTexts[] = [];
    for (const name of data) {
      const sources = await openDataSources(name, directory);
      const counts = { thoughts: MAP_THOUGHTS, instructions: DATA_INSTRUCTIONS };
      const onRow = (rows: number): void => onProgress?.(`rows of ${name}`, rows, rows);
      try {
        all.push(await drawTexts(name, sources, { ...counts, seed, stop, onRow }));
      } catch (error) {
        // A run of which nothing was accepted has no texts, but statistics all the same.
        if (!(error instanceof AgentRefineError)) throw error;
      }
    }
    return all;
  };
  return () => {
    drawn ??= draw();
    return drawn;
  };
}

/**
 * Reads evaluations, runs and files of data for a report. Rejects with an AgentRefineError for what is none of that, is
 * given twice or has nothing in it.
 */
export async function readMaterial(
  paths: readonly string[],
  { directory = process.cwd(), trained = [], tokens, seed = 1, ...figures }: MaterialOptions = {},
): Promise<Material> {
  const { evaluations, data, runs } = await sorted(paths, directory);
  const told = trainings(trained, evaluations, directory);
  const compared =
    evaluations.length === 0
      ? undefined
      : await compareEvaluations(
          evaluations.map((each) => resolve(directory, each)),
          {
            paper: true,
            nameOf: (path) => evaluations.find((each) => resolve(directory, each) === path) ?? path,
          },
        );
  const reported: ReportedEvaluation[] = [];
  for (const [place, read] of (compared?.read ?? []).entries()) {
    const comparedEvaluation = compared?.comparison.evaluations[place];
    if (comparedEvaluation === undefined) continue;
    const path = resolve(directory, read.name);
    reported.push({
      ...read,
      path,
      compared: comparedEvaluation,
      unlike: compared?.paper?.unlike.get(read.name) ?? [],
      trained: told.get(path),
      progress: await progressByTurn(readEpisodes(path)),
    });
  }
  return {
    evaluations: reported,
    compared,
    data: data.length === 0 ? [] : await dataStatistics(data, { directory, tokens }),
    runs,
    texts: textsOnce(data, directory, { ...figures, seed }),
    figures: { ...figures, seed },
  };
}

/** A chart of a report, with the name that its files have. */
export interface NamedChart {
  readonly file: string;
  readonly chart: Chart;
}

/** What came of a table or a figure. */
export interface Section {
  /** Tables, with what has to be said of them. */
  readonly parts?: readonly Part[];
  readonly charts?: readonly NamedChart[];
}

/** Why a table or a figure is not there: what it needs that was not given, in half a sentence. */
export interface Missing {
  readonly missing: string;
}

/** A table or a figure of a report: made of the material, or missing. */
export interface Entry {
  /** The name of its files and its place in the page, such as `table-1`. */
  readonly key: string;
  readonly title: string;
  readonly make: (material: Material) => Section | Missing | Promise<Section | Missing>;
}
