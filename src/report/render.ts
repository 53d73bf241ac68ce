import { printableLine } from "../printable.ts";

/** A cell of a table; bold where a difference was found. */
export type Cell = string | { readonly bold: string };

/** A table: the first column has labels, the others numbers. */
export interface Table {
  readonly kind: "table";
  readonly head: readonly string[];
  /** A row of one cell stands above those that belong to it. */
  readonly rows: readonly (readonly Cell[])[];
  /** The cells are texts to be read, not numbers. */
  readonly isProse?: true;
}

/** A part of a report, in the order in which it is read. */
export type Part =
  | Table
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] };

/** Stands in a table for a number that there is not. */
export const BLANK = "–";

/** A rate from 0 to 1 in per cent, without the sign. */
export function percent(value: number, digits = 1): string {
  return (100 * value).toFixed(digits);
}

/** The text of a cell, whatever it looks like. */
export function cellText(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.bold;
}

/** The cells of a row, with empty ones where a row of one cell has none. */
function wholeRow({ head }: Table, row: readonly Cell[]): readonly Cell[] {
  return row.length === 1 ? head.map((_cell, column) => row[column] ?? "") : row;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function markdownTable(table: Table): string {
  const { head, rows, isProse } = table;
  const shown = (text: string): string => oneLine(text).replaceAll("|", "\\|");
  const cell = (each: Cell): string => (typeof each === "string" ? shown(each) : `**${shown(each.bold)}**`);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_cell, column) => (column === 0 || isProse ? "---" : "---:"));
  return [line(head.map(shown)), line(rule), ...rows.map((row) => line(wholeRow(table, row).map(cell)))].join(
    "\n",
  );
}

/** A report in Markdown. */
export function reportMarkdown(parts: readonly Part[]): string {
  const texts = parts.map((part) => {
    if (part.kind === "table") return markdownTable(part);
    return part.kind === "text" ? part.text : part.items.map((item) => `- ${item}`).join("\n");
  });
  return `${texts.join("\n\n")}\n`;
}

function csvField(text: string): string {
  const line = oneLine(text);
  // A spreadsheet takes what begins so for a formula; numbers with a sign are none.
  const safe = /^[=@]|^[+-](?![\d.])/.test(line) ? `'${line}` : line;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The tables of a report as CSV (RFC 4180, but for line feeds alone), an empty line between them; what stands around
 * them is left out.
 */
export function reportCsv(parts: readonly Part[]): string {
  const tables = parts.flatMap((part) => (part.kind === "table" ? [part] : []));
  const text = (table: Table): string =>
    [table.head, ...table.rows.map((row) => wholeRow(table, row).map(cellText))]
      .map((row) => `${row.map(csvField).join(",")}\n`)
      .join("");
  return tables.map(text).join("\n");
}

const LATEX: ReadonlyMap<string, string> = new Map([
  ["\\", "\\textbackslash{}"],
  ["~", "\\textasciitilde{}"],
  ["^", "\\textasciicircum{}"],
  ["–", "--"],
  ["±", "$\\pm$"],
  ["†", "$\\dagger$"],
  ["‡", "$\\ddagger$"],
  ...[..."#$%&_{}"].map((sign): [string, string] => [sign, `\\${sign}`]),
]);

function latexText(text: string): string {
  return [...oneLine(text)].map((sign) => LATEX.get(sign) ?? sign).join("");
}

/** The tables of a report for LaTeX with the package booktabs; what stands around them becomes comments. */
export function reportLatex(parts: readonly Part[]): string {
  const row = (cells: readonly string[]): string => `${cells.join(" & ")} \\\\`;
  const cell = (each: Cell): string =>
    typeof each === "string" ? latexText(each) : `\\textbf{${latexText(each.bold)}}`;
  const comment = (text: string): string => `% ${oneLine(text)}`;
  const texts = parts.map((part) => {
    if (part.kind === "text") return comment(part.text);
    if (part.kind === "list") return part.items.map(comment).join("\n");
    const columns = part.head.length - 1;
    const column = part.isProse ? `p{${(0.9 / columns).toFixed(2)}\\linewidth}` : "r";
    const cells = (given: readonly Cell[]): readonly string[] =>
      given.length === 1 && columns > 0
        ? given.map((each) => `\\multicolumn{${columns + 1}}{l}{${cell(each)}}`)
        : given.map(cell);
    return [
      `\\begin{tabular}{l${column.repeat(Math.max(0, columns))}}`,
      "\\toprule",
      row(part.head.map(latexText)),
      "\\midrule",
      ...part.rows.map((given) => row(cells(given))),
      "\\bottomrule",
      "\\end{tabular}",
    ].join("\n");
  });
  return `${texts.join("\n\n")}\n`;
}

/** A text as HTML shows it, in elements and in attributes; what a reader would not see in it is made visible. */
export function htmlText(text: string): string {
  return printableLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function htmlCell(cell: Cell): string {
  const text = htmlText(cellText(cell));
  return typeof cell === "string" ? text : `<b>${text}</b>`;
}

function htmlTable({ head, rows, isProse }: Table): string {
  const kind = isProse ? "" : ' class="num"';
  const row = (cells: readonly Cell[]): string => {
    const [first = "", ...rest] = cells;
    const title = htmlText(cellText(first));
    if (cells.length === 1) return `<tr><th scope="rowgroup" colspan="${head.length}">${title}</th></tr>`;
    return `<tr><th scope="row">${title}</th>${rest.map((cell) => `<td${kind}>${htmlCell(cell)}</td>`).join("")}</tr>`;
  };
  const heads = head.map((cell, column) =>
    column === 0 && cell === ""
      ? "<td></td>"
      : `<th scope="col"${column === 0 ? "" : kind}>${htmlText(cell)}</th>`,
  );
  // What is wider than the page is scrolled by itself, by keys too.
  return `<div class="scroll" tabindex="0"><table${isProse ? ' class="texts"' : ""}><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.map(row).join("")}</tbody></table></div>`;
}

/** A report as the inside of a page: tables, paragraphs and lists. */
export function reportHtml(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (part.kind === "table") return htmlTable(part);
      if (part.kind === "text") return `<p>${htmlText(part.text)}</p>`;
      return `<ul>${part.items.map((item) => `<li>${htmlText(item)}</li>`).join("")}</ul>`;
    })
    .join("\n");
}
