// What a list shows is in its address alone. A filter is what of an address a list understands, under the same names,
// so that a link leads on by putting changes over it. Pure, so that a browser with the rows alone does the same.

/** What stands in an address, by its name. */
export type Given = Readonly<Record<string, string | undefined>>;

/** A word of an address when it is one of those that are known. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  text: string | undefined,
): Word | undefined {
  return words.find((each) => each === text);
}

/** A whole number from 1 in an address; 1 when it is none. */
export function wholeFrom1(text: string | undefined): number {
  return /^[1-9]\d{0,8}$/.test(text ?? "") ? Number(text) : 1;
}

/** Whether a text has each of some words in it, in any case. */
export function hasWords(text: string, words: string): boolean {
  const lower = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** By what rows can be ordered, as addresses name it. */
export type Values<Row> = Readonly<Record<string, (row: Row) => number>>;

/** The order that an address asks for: `turns` for the fewest first, `-turns` for the most. */
export function orderOf(values: Values<never>, text = ""): string | undefined {
  return Object.hasOwn(values, text.replace(/^-/, "")) ? text : undefined;
}

/** Rows in an order; those that are equal stay as they were. */
export function inOrder<Row>(rows: readonly Row[], values: Values<Row>, order = ""): readonly Row[] {
  const value = values[order.replace(/^-/, "")];
  if (value === undefined) return rows;
  const sign = order.startsWith("-") ? -1 : 1;
  return [...rows].sort((one, other) => sign * (value(one) - value(other)));
}

/** The rows of one page of a list. */
export function rowsOf<Row>(rows: readonly Row[], page: number, size: number): readonly Row[] {
  return rows.slice((page - 1) * size, page * size);
}
