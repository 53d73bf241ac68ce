import { readFile } from "node:fs/promises";
import type { Spread } from "./alternate.ts";
import type { Benchmark, Column, Goal, Report, Row } from "./benchmark.ts";

/** A report with what belongs to it. */
export interface FinishedReport extends Report {
  readonly name: string;
  readonly question: string;
  readonly versions: Readonly<Record<string, string>>;
}

function figureText(figure: Spread | number | null, { digits }: Column): string {
  if (figure === null) return "-";
  if (typeof figure === "number") return figure.toFixed(digits);
  const { median, minimum, maximum, rounds } = figure;
  if (rounds === 1) return median.toFixed(digits);
  return `${median.toFixed(digits)} (${minimum.toFixed(digits)} to ${maximum.toFixed(digits)})`;
}

function tableText(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [
    ["", ...columns.map(({ title }) => title)],
    ...rows.map(({ name, figures }) => [
      name,
      ...columns.map((column, place) => figureText(figures[place] ?? null, column)),
    ]),
  ];
  const widths =
    lines[0]?.map((_, place) => Math.max(...lines.map((line) => line[place]?.length ?? 0))) ?? [];
  return lines
    .map((line) => `  ${line.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

function goalText({ words, figure, bound, limit, outcome }: Goal): string {
  return `  ${outcome}: ${words} is ${Number(figure.toFixed(3))}, asked ${bound} ${limit}`;
}

function isOfRounds(figure: Spread | number | null): boolean {
  return figure !== null && typeof figure !== "number" && figure.rounds > 1;
}

/** A report as a person reads it. */
export function reportText(report: FinishedReport): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  const hasRounds = report.rows.some(({ figures }) => figures.some(isOfRounds));
  return [
    `${report.name}: ${report.question}`,
    report.method,
    "",
    tableText(report.columns, report.rows),
    ...(report.goals.length === 0 ? [] : ["", ...report.goals.map(goalText)]),
    "",
    ...(hasRounds ? ["  Figures are the median (minimum to maximum) of rounds in alternation."] : []),
    `  ${versions.join(", ")}`,
    "",
  ].join("\n");
}

/** What belongs to a report beside what its benchmark found. */
export function finishReport(
  { name, question }: Benchmark,
  report: Report,
  versions: Readonly<Record<string, string>>,
): FinishedReport {
  return { name, question, versions, ...report };
}

/** The versions of Node and of installed packages, by name. */
export async function versionsOf(packages: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const versions: Record<string, string> = { node: process.versions.node };
  for (const name of packages) {
    const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
    const description = JSON.parse(await readFile(file, "utf8")) as { readonly version: string };
    versions[name] = description.version;
  }
  return versions;
}
