import { hasWords } from "./has-words.ts";
import { wholeFrom1 } from "./link.ts";
import { type DataListView, type ListedRow, ROWS } from "./pages/data-list.tsx";

// What a list of a data file's rows shows: pure, so that a browser with the rows alone does the same.

/** What a list is asked for. */
export interface DataFilter {
  readonly text: string;
  /** From 1. */
  readonly page: number;
}

/** The filter that an address asks for. */
export function readDataFilter({ q, page }: Readonly<Record<string, string | undefined>>): DataFilter {
  return { text: q ?? "", page: wholeFrom1(page) };
}

/** The part of a list that its page shows. */
export function dataListPart(
  rows: readonly ListedRow[],
  { text, page }: DataFilter,
): Pick<DataListView, "text" | "page" | "rows" | "total"> {
  const matching = rows.filter(({ id, about = "", problem = "" }) =>
    hasWords(`${id} ${about} ${problem}`, text),
  );
  const from = (page - 1) * ROWS;
  return { text, page, rows: matching.slice(from, from + ROWS), total: matching.length };
}
