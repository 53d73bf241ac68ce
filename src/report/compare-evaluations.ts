import { stat } from "node:fs/promises";
import { AgentRefineError } from "../errors.ts";
import type { EpisodeResult } from "../evaluation/episode-result.ts";
import { readResults } from "../evaluation/episode-result.ts";
import { readEvaluation } from "../evaluation/plan-evaluation.ts";
import type { EvaluationSettings } from "../evaluation/settings.ts";
import { type Comparison, compareResults } from "./comparison.ts";
import { comparisonReport, type Layout, type PaperBeside } from "./comparison-tables.ts";
import { askedTables, printedTables, tablesFor } from "./paper-tables.ts";
import type { Part } from "./render.ts";
import { unlikePaper } from "./unlike-paper.ts";

/** How evaluations are compared. */
export interface CompareOptions {
  /** Whether the paper's rows stand beside them. */
  readonly paper?: boolean;
  /** Tables of the paper beside those that belong there anyway, such as `2` or `Figure 12`. */
  readonly tables?: readonly string[];
  /** What an evaluation is called, by its folder; the folder as it is given when not given. */
  readonly nameOf?: (directory: string) => string;
}

/** Evaluations beside each other. */
export interface ComparedEvaluations {
  /** What was read of each, in the order in which they were given. */
  readonly read: readonly ReadEvaluation[];
  readonly comparison: Comparison;
  /** The paper's rows, and what makes each evaluation unlike them; undefined when they were not asked for. */
  readonly paper: PaperBeside | undefined;
  /** What else a reader must know, such as that one is not finished. */
  readonly notes: readonly string[];
  /** The report, for {@link reportMarkdown} and its like. */
  readonly report: (shape?: Layout["shape"]) => readonly Part[];
}

/** An evaluation that was read, with the name that it has in a comparison. */
export interface ReadEvaluation {
  readonly name: string;
  readonly settings: EvaluationSettings;
  readonly results: readonly EpisodeResult[];
}

/** Why a path cannot be an evaluation, before a file of it is read. */
async function folderProblem(directory: string, name: string): Promise<string | undefined> {
  const status = await stat(directory).catch(() => undefined);
  if (status === undefined) return `there is no folder ${name}`;
  if (!status.isDirectory()) return `${name} is a file`;
  const isRun = await stat(`${directory}/run.json`).catch(() => undefined);
  return isRun === undefined ? `${name} is not the folder of an evaluation: it has no run.json` : undefined;
}

/** All settings but those that may differ in a series of perturbations: who played. */
function playerOf(settings: EvaluationSettings): string {
  const {
    suites: _suites,
    remarks: _remarks,
    perturbation: _words,
    episodes: _episodes,
    model,
    ...rest
  } = settings;
  if (model === undefined) return JSON.stringify(rest);
  const { apiKeyEnv: _shapesNothing, ...shaping } = model;
  return JSON.stringify({ ...rest, model: shaping });
}

async function readColumn(directory: string, name: string): Promise<ReadEvaluation> {
  const problem = await folderProblem(directory, name);
  if (problem !== undefined) {
    throw new AgentRefineError(problem, {
      fix: "Give the folders of evaluations.",
    });
  }
  const { settings } = await readEvaluation(directory, name);
  const results = [...(await readResults(directory)).values()];
  if (results.length > 0) return { name, settings, results };
  throw new AgentRefineError(`no episode of ${name} has ended yet`, {
    fix: `Resume it: agentrefine evaluate --out ${name}`,
  });
}

/** Beside the paper's rows it is said there that an evaluation is not finished. */
function notesOf(
  { evaluations: compared, notComparable, otherTasks }: Comparison,
  evaluations: readonly ReadEvaluation[],
  paper: PaperBeside | undefined,
): readonly string[] {
  // Where no difference is taken, there is nothing to say of the tasks that it is over.
  const hasDifference = (suite: string): boolean =>
    compared.some(({ beyondFirst }) => beyondFirst?.suites.has(suite));
  const unfinished = evaluations.filter(
    ({ settings, results }) => paper === undefined && results.length < settings.episodes,
  );
  const remarks = evaluations.flatMap(({ settings }) =>
    Object.entries(settings.remarks ?? {}).flatMap(([suite, said]) =>
      said.map((each) => `${suite}: ${each}`),
    ),
  );
  return [
    ...new Set(remarks),
    ...[...notComparable].map(
      ([suite, variants]) =>
        `${suite} was played under different rules (${variants.join("; ")}); its numbers are not comparable.`,
    ),
    ...otherTasks
      .filter((suite) => !notComparable.has(suite) || hasDifference(suite))
      .map(
        (suite) => `${suite} was played with different tasks; differences are over those that are in both.`,
      ),
    ...unfinished.map(
      ({ name, settings, results }) =>
        `${name} is not finished: ${results.length} of ${settings.episodes} episodes have ended.`,
    ),
  ];
}

function paperBeside(
  evaluations: readonly ReadEvaluation[],
  { suites }: Comparison,
  asked: readonly string[],
): PaperBeside {
  const inOrder = (played: readonly string[]): readonly string[] =>
    suites.filter((suite) => played.includes(suite));
  const { rates, robustness } = printedTables();
  const needs = {
    sampled: evaluations.some(({ settings }) => settings.samples > 1),
    reflexion: evaluations.some(({ settings }) => settings.reflexion !== undefined),
    asked,
  };
  const unknown = suites.filter(
    (suite) => !rates.some(({ rows }) => rows.some(({ scores }) => scores.has(suite))),
  );
  const why = ({ settings, results }: ReadEvaluation): readonly string[] =>
    unlikePaper({ ...settings, suites: inOrder(settings.suites) }, results);
  return {
    tables: tablesFor(rates, needs),
    robustness: tablesFor(robustness, needs),
    unlike: new Map(evaluations.map((evaluation) => [evaluation.name, why(evaluation)])),
    notes: [
      "The instructions that the paper's rows were played with are not public; ours are words of our own. Nor is it public how its authors read replies; ours are read as AgentBoard reads them.",
      ...(unknown.length === 0 ? [] : [`The paper has no numbers for ${unknown.join(", ")}.`]),
    ],
  };
}

/** Puts evaluations that were read beside each other; the first is what the others are compared with. */
export function compareRead(
  evaluations: readonly ReadEvaluation[],
  { paper: withPaper = false, tables = [] }: Pick<CompareOptions, "paper" | "tables"> = {},
): ComparedEvaluations {
  const asked = askedTables(tables);
  const comparison = compareResults(
    evaluations.map(({ name, settings, results }) => ({ name, player: playerOf(settings), results })),
  );
  const paper = withPaper ? paperBeside(evaluations, comparison, asked) : undefined;
  const notes = notesOf(comparison, evaluations, paper);
  const report = (shape: Layout["shape"] = "wide"): readonly Part[] =>
    comparisonReport(comparison, { shape, paper, notes });
  return { read: evaluations, comparison, paper, notes, report };
}

/**
 * Puts evaluations beside each other by their folders, as `agentrefine compare` does; the first is what the others
 * are compared with. Rejects with an AgentRefineError for what is no evaluation or has no finished episode.
 */
export async function compareEvaluations(
  directories: readonly string[],
  { nameOf = (directory) => directory, ...options }: CompareOptions = {},
): Promise<ComparedEvaluations> {
  return compareRead(await Promise.all(directories.map((each) => readColumn(each, nameOf(each)))), options);
}
