import { resolve } from "node:path";
import stringWidth from "string-width";
import type { CompareFlags, REPORT_FORMATS } from "../../config/flags.ts";
import type { Differences } from "../../evaluation/metrics/difference.ts";
import { printable } from "../../printable.ts";
import { type ComparedEvaluations, compareEvaluations } from "../../report/compare-evaluations.ts";
import { groupCharts } from "../../report/group-chart.ts";
import {
  type Cell,
  cellText,
  type Part,
  reportCsv,
  reportLatex,
  reportMarkdown,
  type Table,
} from "../../report/render.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type CliContext, type Host, showPath } from "../terminal/host.ts";
import { cut, tableLines } from "../terminal/table.ts";
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

/** The digits that stand before a number's point, with its sign. */
function digitsBefore(cell: string): number {
  return /^[+-]?\d+/.exec(cell)?.[0].length ?? 0;
}

/** A report for a terminal: aligned tables, bold as bold, text wrapped to its width. */
function forTerminal(parts: readonly Part[], { stdout, env }: Host): string {
  const paint = paintFor(stdout, env);
  const width = Math.max(40, stdout.columns ?? 80);
  const tableText = ({ head, rows }: Table): string => {
    const room = head.map((_cell, column) =>
      Math.max(0, ...rows.map((row) => digitsBefore(cellText(row[column] ?? "")))),
    );
    // Numbers stand with their points below each other. Colours are put on what cannot bring any of its own.
    const shown = (cell: Cell, column: number): string => {
      const text = printable(cellText(cell));
      const pad = column === 0 || text === "" ? 0 : Math.max(0, (room[column] ?? 0) - digitsBefore(text));
      return `${" ".repeat(pad)}${typeof cell === "string" ? text : paint("bold", text)}`;
    };
    const whole = [
      head.map((cell) => printable(cell)),
      ...rows.filter((row) => row.length > 1).map((row) => row.map(shown)),
    ];
    const beside = head
      .slice(1)
      .map((_cell, place) => 2 + Math.max(0, ...whole.map((row) => stringWidth(row[place + 1] ?? ""))));
    const most = Math.max(16, width - beside.reduce((sum, each) => sum + each, 0));
    const [top = "", ...lines] = tableLines(
      whole.map(([first = "", ...cells]) => [cut(first, most), ...cells]),
      head.map(() => "left"),
    );
    // A row of one cell stands above those that belong to it, as wide as it is.
    const all = rows.map(
      (row) => (row.length > 1 ? lines.shift() : cut(printable(cellText(row[0] ?? "")), width)) ?? "",
    );
    return [top, ...all].join("\n");
  };
  const blocks = parts.map((part) => {
    if (part.kind === "text") return wrapText(part.text, { width, indent: 0 }).join("\n");
    if (part.kind === "list")
      return part.items.flatMap((item) => wrapText(`- ${item}`, { width, indent: 0, hanging: 2 })).join("\n");
    return tableText(part);
  });
  return `${blocks.join("\n\n")}\n`;
}

type Render = (compared: ComparedEvaluations, host: Host) => string;

const FORMATS: Readonly<Record<(typeof REPORT_FORMATS)[number], Render>> = {
  table: ({ report }, host) => forTerminal(report("tall"), host),
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
  this: CliContext,
  flags: CompareFlags,
  ...directories: readonly string[]
): Promise<void> {
  const { host } = this;
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
}
