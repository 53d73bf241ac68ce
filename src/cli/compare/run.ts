import { resolve } from "node:path";
import type { CompareFlags } from "../../config/flags.ts";
import type { Differences } from "../../evaluation/metrics/difference.ts";
import { printable } from "../../printable.ts";
import { type ComparedEvaluations, compareEvaluations } from "../../report/compare-evaluations.ts";
import {
  type Cell,
  cellText,
  type Part,
  reportCsv,
  reportLatex,
  reportMarkdown,
} from "../../report/render.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type CliContext, type Host, showPath } from "../terminal/host.ts";
import { tableLines } from "../terminal/table.ts";
import { paintFor, wrapText } from "../terminal/text.ts";

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
    notes: [...notes, ...(paper?.notes ?? [])],
    paper: (paper?.tables ?? []).map(({ title, rows }) => ({
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

/** A report for a terminal: aligned tables, bold as bold, text wrapped to its width. */
function forTerminal(parts: readonly Part[], { stdout, env }: Host): string {
  const paint = paintFor(stdout, env);
  const width = Math.max(40, stdout.columns ?? 80);
  // Colours are put on what cannot bring any of its own.
  const shown = (cell: Cell): string => {
    const text = printable(cellText(cell));
    return typeof cell === "string" ? text : paint("bold", text);
  };
  const blocks = parts.map((part) => {
    if (part.kind === "text") return wrapText(part.text, { width, indent: 0 }).join("\n");
    if (part.kind === "list")
      return part.items.flatMap((item) => wrapText(`- ${item}`, { width, indent: 0, hanging: 2 })).join("\n");
    const alignment = part.head.map((_cell, column) => (column === 0 ? "left" : "right"));
    return tableLines([part.head.map(shown), ...part.rows.map((row) => row.map(shown))], alignment).join(
      "\n",
    );
  });
  return `${blocks.join("\n\n")}\n`;
}

type Render = (compared: ComparedEvaluations, host: Host) => string;

const FORMATS: Readonly<Record<"markdown" | "csv" | "latex" | "json", Render>> = {
  markdown: ({ report }) => printable(reportMarkdown(report())),
  csv: ({ report }) => printable(reportCsv(report())),
  latex: ({ report }) => printable(reportLatex(report())),
  json,
};

/** What is asked for; on a terminal aligned tables when nothing is, elsewhere Markdown. */
function renderOf(flags: CompareFlags, { stdout }: Host): Render {
  const names = (["markdown", "csv", "latex", "json"] as const).filter((name) => flags[name] === true);
  const [name, other] = names;
  if (other !== undefined) {
    throw new UsageError(`--${name} and --${other} are two formats`, { fix: "Give one of them." });
  }
  if (name !== undefined) return FORMATS[name];
  return stdout.isTTY ? ({ report }, host) => forTerminal(report("tall"), host) : FORMATS.markdown;
}

/** `agentrefine compare`: evaluations beside each other, on standard output. */
export async function runCompare(
  this: CliContext,
  flags: CompareFlags,
  ...directories: readonly string[]
): Promise<void> {
  const { host } = this;
  const render = renderOf(flags, host);
  const compared = await asUsage(() =>
    compareEvaluations(
      directories.map((each) => resolve(host.directory, each)),
      { paper: flags.paper === true, nameOf: (directory) => showPath(directory, host.directory) },
    ),
  );
  host.stdout.write(render(compared, host));
}
