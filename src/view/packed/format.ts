import { link } from "../link.ts";
import type { PageData } from "../pages.ts";

// What packed pages are made of: written by `pack-pages.ts`, read in the browser by `island/packed.ts`.

/** Where the records are that a list is made from, whatever its filter. */
export function recordsHref(key: string): string {
  return link(["records", key]);
}

/** What stands under an address: a page, or the records of a list. */
export type PackedItem = PageData | { readonly records: readonly unknown[] };

/** The table of contents: which addresses stand in which chunk, in their order, and which is shown first. */
export interface PackedContents {
  readonly first: string;
  readonly chunks: readonly (readonly string[])[];
}

/** The id of the data block with the {@link PackedContents}, and of those with the chunks. */
export const CONTENTS_ID = "contents";
export function chunkId(chunk: number): string {
  return `chunk-${chunk}`;
}

/** The file of a chunk that does not stand in the page, and the function that it calls with its number and its data. */
export function chunkFile(chunk: number): string {
  return `pages-${String(chunk + 1).padStart(5, "0")}.js`;
}
export const CHUNK_FUNCTION = "agentrefinePages";

/** What of a query tells pages apart; the rest of it filters a list, which is done where it is shown. */
const TOLD_APART = ["page", "part"];

/** The address under which a link's page is packed. */
export function packedAddress(href: string): string {
  const { pathname, searchParams } = new URL(href, "http://packed");
  const kept = TOLD_APART.flatMap((key) => {
    const value = searchParams.get(key);
    return value === null || value === "1" ? [] : [`${key}=${value}`];
  });
  return kept.length === 0 ? pathname : `${pathname}?${kept.join("&")}`;
}
