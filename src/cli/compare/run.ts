import { resolve } from "node:path";
import type { CompareFlags, REPORT_FORMATS } from "../../config/flags.ts";
import type { Differences } from "../../evaluation/metrics/difference.ts";
import { printable } from "../../printable.ts";
import { groupCharts } from "../../report/charts/evaluation-charts.ts";
import { type ComparedEvaluations, compareEvaluations } from "../../report/compare-evaluations.ts";
import { reportCsv, reportLatex, reportMarkdown } from "../../report/render.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { reportText } from "../terminal/report-text.ts";
import { tell } from "../terminal/text.ts";

function differencesJson(differences: Differences | undefined): object | null {
  if (differences === undefined) return null;
  return { suites: Object.fromEntries(differences.suites), heldOut: differences.heldOut ?? null };
}

/** A comparison as one JSON object; rates are from 0 to 1, the paper's rows in per cent as they are printed. */
function json({ comparison, paper, notes }: ComparedEvaluations): string {
  const { evaluations, suites, notComparable, robustness, otherTasks } = comparison;
  const report = {
    suites,
    evaluations: evaluations.map(({ name, summary, beyondFirst }) => ({
      name,
      ...summary,
      heldOut: summary.heldOut ?? null,
      beyondFirst: differencesJson(beyondFirst),
      ...(paper === undefined ? {} : { unlikePaper: paper.unlike.get(name) ?? [] }),
    })),
    notComparable: Object.fromEntries(notComparable),
    robustness,
    otherTasks,
    charts: groupCharts(comparison),
    notes: [...notes, ...(paper?.notes ?? [])],
    paper: [...(paper?.tables ?? []), ...(paper?.robustness ?? [])].map(({ title, rows }) => ({
      title,
      rows: rows.map(({ series, method, scores }) => ({
        series,
        method,
        scores: Object.fromEntries(scores),
      })),
    })),
  };
  return `${JSON.stringify(report)}\n`;
}

/** What is said under the tables of what cannot be compared. */
function notesOf({ notes, paper }: ComparedEvaluations): readonly string[] {
  const unlike = [...(paper?.unlike ?? [])].flatMap(([name, why]) => why.map((each) => `${name}: ${each}`));
  return [...unlike, ...(paper?.notes ?? []), ...notes];
}

type Render = (compared: ComparedEvaluations, host: Host) => string;

const FORMATS: Readonly<Record<(typeof REPORT_FORMATS)[number], Render>> = {
  table: ({ report }, host) => reportText(report("tall"), host),
  markdown: ({ report }) => printable(reportMarkdown(report())),
  csv: ({ report }) => printable(reportCsv(report())),
  latex: ({ report }) => printable(reportLatex(report())),
};

function renderOf(flags: CompareFlags, { stdout }: Host): Render {
  if (flags.json !== true) return FORMATS[flags.as ?? (stdout.isTTY ? "table" : "markdown")];
  if (flags.as !== undefined)
    throw new UsageError("--as and --json are two formats", { fix: "Give one of them." });
  return json;
}

/** `agentrefine compare`: evaluations beside each other, on standard output. */
export async function runCompare(
  host: Host,
  flags: CompareFlags,
  ...directories: readonly string[]
): Promise<void> {
  const render = renderOf(flags, host);
  const compared = await asUsage(() =>
    compareEvaluations(
      directories.map((each) => resolve(host.directory, each)),
      {
        paper: flags.paper === true || flags.tables !== undefined,
        tables: (flags.tables ?? "").split(",").filter((each) => each.trim() !== ""),
        nameOf: (directory) => showPath(directory, host.directory),
      },
    ),
  );
  host.stdout.write(render(compared, host));
  // These two have tables alone, which are not to be read without what is said under them.
  if (flags.json !== true && (flags.as === "csv" || flags.as === "latex"))
    for (const note of notesOf(compared)) tell(host.stderr, note);
}
