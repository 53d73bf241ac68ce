import { resolve } from "node:path";
import type { CompareFlags } from "../../config/flags.ts";
import { printable } from "../../printable.ts";
import { type Comparison, compareEvaluations } from "../../report/comparison.ts";
import { comparisonMarkdown, type PaperBeside } from "../../report/comparison-markdown.ts";
import { PAPER_SUITES } from "../../report/paper/paper-row.ts";
import { paperTables } from "../../report/paper-tables.ts";
import { compareWords, unlikePaperWords } from "../evaluation-words.ts";
import type { CliContext } from "../terminal/host.ts";
import { asUsage } from "../usage-error.ts";
import { comparisonJson } from "./comparison-json.ts";
import { type ReadEvaluation, readEvaluation } from "./read-evaluation.ts";
import { unlikePaper } from "./unlike-paper.ts";

/** Beside the paper's rows it is said there that an evaluation is not finished. */
function notesOf(
  comparison: Comparison,
  evaluations: readonly ReadEvaluation[],
  paper: PaperBeside | undefined,
): readonly string[] {
  const { notComparable, otherTasks } = comparison;
  // Where no difference is taken, there is nothing to say of the tasks that it is over.
  const hasDifference = (suite: string): boolean =>
    comparison.evaluations.some(({ beyondFirst }) => beyondFirst?.suites.has(suite));
  const unfinished = evaluations.filter(
    ({ settings, results }) => paper === undefined && results.length < settings.episodes,
  );
  return [
    ...[...notComparable].map(([suite, variants]) => compareWords.notComparable(suite, variants)),
    ...otherTasks
      .filter((suite) => !notComparable.has(suite) || hasDifference(suite))
      .map(compareWords.otherTasks),
    ...unfinished.map(({ name, settings, results }) =>
      compareWords.unfinished(name, results.length, settings.episodes),
    ),
  ];
}

/** The paper's rows for evaluations, with what makes the evaluations unlike them. */
function paperBeside(evaluations: readonly ReadEvaluation[], { suites }: Comparison): PaperBeside {
  const inOrder = (played: readonly string[]): readonly string[] =>
    suites.filter((suite) => played.includes(suite));
  const unknown = suites.filter((suite) => !PAPER_SUITES.some((each) => each === suite));
  return {
    tables: paperTables({
      sampled: evaluations.some(({ settings }) => settings.samples > 1),
      reflexion: evaluations.some(({ settings }) => settings.reflexion !== undefined),
    }),
    unlike: new Map(
      evaluations.map(({ name, settings, results }) => [
        name,
        unlikePaper(
          { ...settings, suites: inOrder(settings.suites) },
          results.map(({ ending }) => ending),
        ),
      ]),
    ),
    notes: [unlikePaperWords.note, ...(unknown.length === 0 ? [] : [compareWords.noPaperRow(unknown)])],
  };
}

/** `agentrefine compare`: evaluations beside each other, on standard output. */
export async function runCompare(
  this: CliContext,
  flags: CompareFlags,
  ...directories: readonly string[]
): Promise<void> {
  const { host } = this;
  const evaluations = await asUsage(() =>
    Promise.all(directories.map((each) => readEvaluation(resolve(host.directory, each), host))),
  );
  const comparison = compareEvaluations(evaluations);
  const paper = flags.paper === true ? paperBeside(evaluations, comparison) : undefined;
  const notes = notesOf(comparison, evaluations, paper);
  host.stdout.write(
    flags.json === true
      ? `${JSON.stringify(comparisonJson(comparison, paper, notes))}\n`
      : printable(comparisonMarkdown(comparison, paper, notes)),
  );
}
