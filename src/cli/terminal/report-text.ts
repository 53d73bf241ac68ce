import stringWidth from "string-width";
import { printable } from "../../printable.ts";
import { type Cell, cellText, type Part, type Table } from "../../report/render.ts";
import type { Host } from "./host.ts";
import { cut, tableLines } from "./table.ts";
import { paintFor, wrapText } from "./text.ts";

/** The digits that stand before a number's point, with its sign. */
function digitsBefore(cell: string): number {
  return /^[+-]?\d+/.exec(cell)?.[0].length ?? 0;
}

/** A report for a terminal: aligned tables, bold as bold, text wrapped to its width. */
export function reportText(parts: readonly Part[], { stdout, env }: Host): string {
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
