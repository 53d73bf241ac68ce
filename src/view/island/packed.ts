import {
  CHUNK_FUNCTION,
  CONTENTS_ID,
  chunkFile,
  chunkId,
  type PackedContents,
  type PackedItem,
  packedAddress,
  sharedAddress,
  withShared,
} from "../packed/format.ts";
import { isRefiltered, refilter } from "../packed/refilter.ts";
import type { PageData } from "../pages.ts";
import { renderPage } from "../pages.ts";
import { listenToKeys, showKeysButton } from "./keys.ts";

/** Chunks that are kept open. */
const KEPT = 8;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function blockText(id: string): string | undefined {
  return document.getElementById(id)?.textContent ?? undefined;
}

/** What was packed as base64 of gzipped JSON. */
async function unpacked<Value>(data: string): Promise<Value> {
  const stream = new Blob([bytesOf(data)]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("gzip"))).json();
}

interface Contents extends PackedContents {
  readonly places: ReadonlyMap<string, { readonly chunk: number; readonly place: number }>;
}

async function openContents(): Promise<Contents> {
  const contents = await unpacked<PackedContents>(blockText(CONTENTS_ID) ?? "");
  const places = new Map<string, { readonly chunk: number; readonly place: number }>();
  for (const [chunk, addresses] of contents.chunks.entries())
    for (const [place, address] of addresses.entries()) places.set(address, { chunk, place });
  return { ...contents, places };
}

const contents = openContents();

/** Chunks of a folder that are on their way, by what ends the waiting. */
const arriving = new Map<number, (data: string) => void>();
Object.assign(globalThis, {
  [CHUNK_FUNCTION]: (chunk: number, data: string) => arriving.get(chunk)?.(data),
});

/** The data of a chunk: from this page, else from the file beside it. */
function loadChunk(chunk: number): Promise<string> {
  const inside = blockText(chunkId(chunk));
  if (inside !== undefined) return Promise.resolve(inside);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    arriving.set(chunk, resolve);
    script.src = chunkFile(chunk);
    script.onload = () => script.remove();
    script.onerror = () => reject(new Error(`${chunkFile(chunk)} is not beside this page`));
    document.head.append(script);
  });
}

const opened = new Map<number, Promise<readonly PackedItem[]>>();

function chunkItems(chunk: number): Promise<readonly PackedItem[]> {
  const items = opened.get(chunk) ?? loadChunk(chunk).then((data) => unpacked<readonly PackedItem[]>(data));
  opened.delete(chunk);
  opened.set(chunk, items);
  const [oldest] = opened.keys();
  if (opened.size > KEPT && oldest !== undefined) opened.delete(oldest);
  return items;
}

/** What stands under an address; undefined for what was not packed. */
async function itemAt(address: string): Promise<PackedItem | undefined> {
  const found = (await contents).places.get(address);
  return found === undefined ? undefined : (await chunkItems(found.chunk))[found.place];
}

async function sharedText(name: string): Promise<string | undefined> {
  const item = await itemAt(sharedAddress(name));
  return item !== undefined && "text" in item ? item.text : undefined;
}

/** A page with its long texts in it. */
async function whole({ page, props }: PageData): Promise<PageData> {
  return { page, props: (await withShared(props, sharedText)) as PageData["props"] };
}

async function recordsAt(address: string): Promise<readonly unknown[]> {
  const item = await itemAt(address);
  return item !== undefined && "records" in item ? item.records : [];
}

/** The pages whose addresses begin so, one after the other. */
async function* pagesBelow(beginning: string): AsyncGenerator<PageData> {
  for (const [chunk, addresses] of (await contents).chunks.entries()) {
    if (!addresses.some((address) => address.startsWith(beginning))) continue;
    const items = await chunkItems(chunk);
    for (const [place, address] of addresses.entries()) {
      const item = items[place];
      if (address.startsWith(beginning) && item !== undefined && "page" in item) yield whole(item);
    }
  }
}

async function pageAt(href: string): Promise<PageData | string> {
  const { pathname, searchParams } = new URL(href, "http://packed");
  const query = Object.fromEntries(searchParams);
  const item = (await itemAt(packedAddress(href))) ?? (await itemAt(pathname));
  if (item !== undefined && "text" in item) return item.text;
  if (item === undefined || !("page" in item)) {
    return { page: "MessagePage", props: { title: "Not here", text: "This page was not packed." } };
  }
  return refilter(await whole(item), query, { recordsAt, pagesBelow });
}

/** Lets links lead on within this file. */
function rewriteLinks(root: Document): void {
  for (const each of root.querySelectorAll('a[href^="/"], link[href^="/"]'))
    each.setAttribute("href", `#${each.getAttribute("href")}`);
}

/** Puts a page, or a text alone, in the place of what is shown. A form that nothing here could answer is left out. */
function put(data: PageData | string): void {
  if (typeof data === "string") {
    const text = document.createElement("pre");
    text.textContent = data;
    document.getElementById("packed")?.replaceChildren(text);
    return;
  }
  const html = renderPage(data);
  const page = new DOMParser().parseFromString(html, "text/html");
  rewriteLinks(page);
  if (!isRefiltered(data)) for (const form of page.querySelectorAll('form[method="get"]')) form.remove();
  document.title = page.title;
  for (const old of document.head.querySelectorAll('link[rel="prev"], link[rel="next"]')) old.remove();
  document.head.append(...page.head.querySelectorAll('link[rel="prev"], link[rel="next"]'));
  document.getElementById("packed")?.replaceChildren(...page.body.childNodes);
  showKeysButton();
}

/** The address that is shown now, so that one within the page only scrolls. */
let shown: string | undefined;
/** Counts what was asked for: a search that took long must not come over what was asked for since. */
let asked = 0;

/** Shows what the address asks for: `#/run/demo/list?page=2`, with a place in it behind another `#`. */
async function show(): Promise<void> {
  asked += 1;
  const turn = asked;
  const { first } = await contents;
  const [href = first, place] = location.hash.slice(1).split("#");
  const address = href.startsWith("/") ? href : first;
  if (address !== shown) {
    document.getElementById("packed")?.setAttribute("aria-busy", "true");
    const page = await pageAt(address).catch((error: unknown): PageData => {
      return { page: "MessagePage", props: { title: "Cannot be shown", text: String(error) } };
    });
    if (turn !== asked) return;
    put(page);
    document.getElementById("packed")?.removeAttribute("aria-busy");
    shown = address;
    scrollTo(0, 0);
  }
  if (place !== undefined) document.getElementById(place)?.scrollIntoView();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const href = link?.getAttribute("href") ?? "";
  if (!href.startsWith("#") || href.startsWith("#/")) return;
  // A place in this page: the part of the address behind the first # says which page this is.
  event.preventDefault();
  const target = document.getElementById(href.slice(1));
  target?.scrollIntoView();
  target?.setAttribute("tabindex", "-1");
  target?.focus({ preventScroll: true });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "get") return;
  event.preventDefault();
  const given = [...new FormData(form)].flatMap(([key, value]) =>
    typeof value === "string" && value !== "" ? [[key, value]] : [],
  );
  location.hash = `${form.getAttribute("action")}?${new URLSearchParams(given)}`;
});

addEventListener("hashchange", () => void show());
listenToKeys();
void show();
