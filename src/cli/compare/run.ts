import { resolve } from "node:path";
import { AgentRefineError } from "../../errors.ts";
import type { EpisodeResult } from "../../evaluation/episode-result.ts";
import { readResults } from "../../evaluation/evaluate.ts";
import { type Comparison, compareEvaluations } from "../../report/comparison.ts";
import { comparisonMarkdown } from "../../report/comparison-markdown.ts";
import { PAPER_SUITES } from "../../report/paper/paper-row.ts";
import { type PaperTable, paperTables } from "../../report/paper-tables.ts";
import { openEvaluation } from "../evaluate/evaluation-folder.ts";
import type { EvaluationSettings } from "../evaluate/evaluation-settings.ts";
import { compareWords } from "../evaluation-words.ts";
import { showPath } from "../show-path.ts";
import { asUsage } from "../usage-error.ts";
import type { CliContext, World } from "../world.ts";
import { comparisonJson } from "./comparison-json.ts";

/** The flags of `compare`. */
export interface CompareFlags {
  readonly paper?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** An evaluation as it was read. */
interface ReadEvaluation {
  readonly name: string;
  readonly settings: EvaluationSettings;
  readonly results: readonly EpisodeResult[];
}

async function resultsOf(directory: string, name: string): Promise<readonly EpisodeResult[]> {
  const results = [...(await readResults(directory)).values()];
  if (results.length > 0) return results;
  throw new AgentRefineError(compareWords.noEpisodes(name), { fix: compareWords.noEpisodesFix });
}

async function read(given: string, world: World): Promise<ReadEvaluation> {
  const directory = resolve(world.directory, given);
  const { settings } = await openEvaluation(directory);
  const name = showPath(directory, world.directory);
  return { name, settings, results: await resultsOf(directory, name) };
}

function notesOf(comparison: Comparison, evaluations: readonly ReadEvaluation[]): readonly string[] {
  const unfinished = evaluations.filter(({ settings, results }) => results.length < settings.episodes);
  return [
    ...[...comparison.notComparable].map(([suite, variants]) => compareWords.notComparable(suite, variants)),
    ...comparison.otherTasks.map(compareWords.otherTasks),
    ...unfinished.map(({ name, settings, results }) =>
      compareWords.unfinished(name, results.length, settings.episodes),
    ),
  ];
}

function paperFor(evaluations: readonly ReadEvaluation[]): readonly PaperTable[] {
  return paperTables({
    sampled: evaluations.some(({ settings }) => settings.samples > 1),
    reflexion: evaluations.some(({ settings }) => settings.reflexion !== undefined),
  });
}

/** `agentrefine compare`: evaluations beside each other, on standard output. */
export async function runCompare(
  this: CliContext,
  flags: CompareFlags,
  ...directories: readonly string[]
): Promise<void> {
  const { world } = this;
  const evaluations = await asUsage(() => Promise.all(directories.map((each) => read(each, world))));
  const comparison = compareEvaluations(evaluations);
  const paper = flags.paper === true ? paperFor(evaluations) : [];
  const notes = [...notesOf(comparison, evaluations)];
  const unknown = comparison.suites.filter((suite) => !PAPER_SUITES.some((each) => each === suite));
  if (paper.length > 0 && unknown.length > 0) notes.push(compareWords.noPaperRow(unknown));
  world.stdout.write(
    flags.json === true
      ? `${JSON.stringify(comparisonJson(comparison, paper, notes))}\n`
      : comparisonMarkdown(comparison, paper, notes),
  );
}
