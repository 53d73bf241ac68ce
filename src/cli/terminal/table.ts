import stringWidth from "string-width";

/** A row: a label, then cells. Undefined is an empty line. */
export type Row = readonly string[] | undefined;

/** How a column stands. */
export type Alignment = "left" | "right";

/** Rows as lines whose columns stand below each other, two spaces apart. Widths are a terminal's; colours have none. */
export function tableLines(rows: readonly Row[], alignment: readonly Alignment[]): readonly string[] {
  const widths = alignment.map((_side, column) =>
    Math.max(0, ...rows.map((row) => stringWidth(row?.[column] ?? ""))),
  );
  return rows.map((row) => {
    if (row === undefined) return "";
    const cells = row.map((cell, column) => {
      const room = " ".repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)));
      return alignment[column] === "right" ? room + cell : cell + room;
    });
    return cells.join("  ").trimEnd();
  });
}

const graphemes = new Intl.Segmenter();

/** A text cut into pieces that are each at most `width` columns wide on a terminal. At least one piece. */
export function piecesOfWidth(text: string, width: number): readonly string[] {
  // To cut a text into graphemes is slow, and most words fit.
  if (stringWidth(text) <= width) return [text];
  const pieces: string[] = [];
  let piece = "";
  let taken = 0;
  for (const { segment } of graphemes.segment(text)) {
    const more = stringWidth(segment);
    if (piece !== "" && taken + more > width) {
      pieces.push(piece);
      [piece, taken] = ["", 0];
    }
    piece += segment;
    taken += more;
  }
  return [...pieces, piece];
}

/** A text without colours, cut to `width` columns; what is cut off is shown by an ellipsis. Its spaces stay. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  return width < 1 ? "" : `${width < 2 ? "" : piecesOfWidth(text, width - 1)[0]}…`;
}

/** A text on one line of at most `width` columns; what is cut off is shown by an ellipsis. */
function shorten(text: string, width: number): string {
  return cut(text.replace(/\s+/g, " ").trim(), width);
}

/** A part of a line; those with a higher rank are left out first when the line is too long. */
export interface Segment {
  readonly text: string;
  readonly rank: number;
}

/** Parts as one line of at most `width` columns; what matters least is left out first. */
export function fitLine(segments: readonly Segment[], width: number): string {
  let kept = segments;
  const join = (): string => kept.map(({ text }) => text).join("  ");
  while (stringWidth(join()) > width) {
    const rank = Math.max(...kept.map((segment) => segment.rank));
    if (rank === 0) return shorten(join(), width);
    kept = kept.filter((segment) => segment.rank !== rank);
  }
  return join();
}
