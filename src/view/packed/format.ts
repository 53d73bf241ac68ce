import type { PageData } from "../pages.ts";

// What packed pages are made of: written by `pack-pages.ts`, read in the browser by `island/packed.ts`.

/** What stands under an address: a page, the records of a list, or a long text that many pages have. */
export type PackedItem = PageData | { readonly records: readonly unknown[] } | { readonly text: string };

/** Characters from which a text stands once for all the pages that have it, such as a prompt. */
const SHARED_FROM = 4000;

/** What stands in a page in the place of a text that stands once: its address. */
interface SharedText {
  readonly sharedText: string;
}

/** Where the text of a {@link SharedText} is, by whatever tells it apart from others. */
export function sharedAddress(name: string): string {
  return `text:${name}`;
}

/** A value with each of its long texts replaced; `share` keeps a text and gives its name. */
export function withoutShared(value: unknown, share: (text: string) => string): unknown {
  if (typeof value === "string") {
    return value.length < SHARED_FROM ? value : ({ sharedText: share(value) } satisfies SharedText);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withoutShared(each, share));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutShared(each, share)]));
}

/** A value with its long texts put back, which `find` gives by their names. */
export async function withShared(
  value: unknown,
  find: (name: string) => Promise<string | undefined>,
): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map((each) => withShared(each, find)));
  if ("sharedText" in value && typeof value.sharedText === "string") {
    return (await find(value.sharedText)) ?? value;
  }
  const entries = Object.entries(value).map(
    async ([key, each]) => [key, await withShared(each, find)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

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
const TOLD_APART = ["part", "page", "turns", "suite", "show", "with"];

/** The address under which a link's page is packed. */
export function packedAddress(href: string): string {
  const { pathname, searchParams } = new URL(href, "http://packed");
  const kept = TOLD_APART.flatMap((key) =>
    searchParams
      .getAll(key)
      .sort()
      .flatMap((value) => (value === "" || value === "1" ? [] : [`${key}=${encodeURIComponent(value)}`])),
  );
  return kept.length === 0 ? pathname : `${pathname}?${kept.join("&")}`;
}
