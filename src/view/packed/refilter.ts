import type { PageData } from "../pages.ts";

/** What a page is shown anew from, when its address asks for another part of a list. */
export interface PackedPages {
  recordsAt(address: string): Promise<readonly unknown[]>;
  pagesBelow(beginning: string): AsyncIterable<PageData>;
}

/** The page as it is with this query: a server reads the query before it makes a page, packed pages afterwards. */
export async function refilter(
  data: PageData,
  _query: Readonly<Record<string, string>>,
  _pages: PackedPages,
): Promise<PageData> {
  return data;
}
