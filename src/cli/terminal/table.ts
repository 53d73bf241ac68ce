/** A row: a label, then cells. Undefined is an empty line. */
export type Row = readonly string[] | undefined;

/** How a column stands. */
export type Alignment = "left" | "right";

/** Rows as lines whose columns stand below each other, two spaces apart. */
export function tableLines(rows: readonly Row[], alignment: readonly Alignment[]): readonly string[] {
  const widths = alignment.map((_side, column) =>
    Math.max(0, ...rows.map((row) => Array.from(row?.[column] ?? "").length)),
  );
  return rows.map((row) => {
    if (row === undefined) return "";
    const cells = row.map((cell, column) => {
      const room = " ".repeat(Math.max(0, (widths[column] ?? 0) - Array.from(cell).length));
      return alignment[column] === "right" ? room + cell : cell + room;
    });
    return cells.join("  ").trimEnd();
  });
}

/** A text on one line of at most `width` characters; what is cut off is shown by an ellipsis. */
export function shorten(text: string, width: number): string {
  const characters = Array.from(text.replace(/\s+/g, " ").trim());
  return characters.length <= width
    ? characters.join("")
    : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
