import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Hono } from "hono";
import { AgentRefineError } from "../../errors.ts";
import { exists, writeAtomically, writeFolderAtomically } from "../../runs/atomic-file.ts";
import { PAGE_DATA_TYPE, type PageData, renderPage } from "../pages.ts";
import {
  CHUNK_FUNCTION,
  CONTENTS_ID,
  chunkFile,
  chunkId,
  type PackedContents,
  type PackedItem,
  packedAddress,
  sharedAddress,
  withoutShared,
} from "./format.ts";
import { recordsOf } from "./refilter.ts";

const compress = promisify(gzip);

/** Characters of JSON in a chunk: what the browser decompresses to show one page. */
const CHUNK_SIZE = 512 * 1024;
/** Bytes of one file, above which browsers take long to open it. */
const LARGEST_FILE = 128 * 1024 * 1024;

/** What {@link packPages} needs. */
export interface PackOptions {
  /** A file that ends in `.html` holds everything; anything else becomes a folder with an `index.html`. */
  readonly out: string;
  /** The address of the page that is shown first. */
  readonly first: string;
  readonly replace?: boolean | undefined;
  readonly stop?: AbortSignal | undefined;
  /** Told from time to time how many pages are packed, and of how many. */
  readonly onProgress?: ((done: number, known: number) => void) | undefined;
}

/** What was packed. */
export interface Packed {
  readonly pages: number;
  /** All files together. */
  readonly bytes: number;
}

/** Milliseconds after which a page that was not complete is asked for again. */
const RETRY_AFTER = 500;

/** JSON as base64 of it gzipped, which the browser unpacks. */
async function packed(json: string): Promise<string> {
  return (await compress(json, { level: 9 })).toString("base64");
}

/** Takes one chunk after the other. */
type TakeChunk = (chunk: number, data: string) => Promise<void>;

const LINK = /\shref="(\/[^"]*)"/g;
const FILES = /^\/[^/]+\.(?:css|js)$/;

/** The addresses that a page leads to, and what it is filtered by; what is below it first, so that it stands near. */
function linksOf(page: PageData, address: string): readonly string[] {
  const hrefs = [...renderPage(page).matchAll(LINK)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
  const found = [...hrefs.map(packedAddress), ...recordsOf(page)];
  const path = address.split("?")[0] ?? address;
  // The other pages of a list with records are made from these; the parts of a long dialogue are not.
  const isMade = (each: string): boolean =>
    recordsOf(page).length > 0 && each.startsWith(`${path}?`) && !each.startsWith(`${path}?part=`);
  const links = [...new Set(found)].filter((each) => !FILES.test(each) && !isMade(each));
  const isBelow = (each: string): boolean => each.startsWith(`${path}/`);
  return [...links.filter(isBelow), ...links.filter((each) => !isBelow(each))];
}

/** Asks an app for every page that can be reached from the first, as data. */
class Packing {
  readonly #app: Hono;
  readonly #options: PackOptions;
  readonly #take: TakeChunk;
  readonly #seen = new Set<string>();
  readonly #waiting: string[] = [];
  readonly #chunks: string[][] = [];
  #texts: string[] = [];
  #addresses: string[] = [];
  #size = 0;
  #pages = 0;

  constructor(app: Hono, options: PackOptions, take: TakeChunk) {
    this.#app = app;
    this.#options = options;
    this.#take = take;
  }

  /** Packs all pages; gives the contents. */
  async run(): Promise<PackedContents & { readonly pages: number }> {
    const { first, onProgress } = this.#options;
    this.#wait([first]);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      await this.#pack(next);
      onProgress?.(this.#pages, this.#pages + this.#waiting.length);
    }
    await this.#flush();
    return { first, chunks: this.#chunks, pages: this.#pages };
  }

  #wait(addresses: readonly string[]): void {
    // Taken from the end: the first of them comes next.
    for (const address of [...addresses].reverse()) {
      if (this.#seen.has(address)) continue;
      this.#seen.add(address);
      this.#waiting.push(address);
    }
  }

  /** The data under an address, when it is there; undefined for what is not found. */
  async #ask(address: string): Promise<PackedItem | undefined> {
    for (;;) {
      this.#options.stop?.throwIfAborted();
      const response = await this.#app.request(address, { headers: { accept: PAGE_DATA_TYPE } });
      const text = await response.text();
      if (response.status === 404) return undefined;
      // A turn that is too long for a page is a text of its own. A page that tells why it cannot be shown is a page.
      const isData = response.headers.get("content-type")?.includes("json") === true;
      const item: PackedItem = isData ? JSON.parse(text) : { text };
      if (!("page" in item) || isComplete(item)) return item;
      await setTimeout(RETRY_AFTER);
    }
  }

  async #pack(address: string): Promise<void> {
    const item = await this.#ask(address);
    if (item === undefined) return;
    const texts = new Map<string, string>();
    const share = (text: string): string => {
      const name = createHash("sha256").update(text).digest("base64url").slice(0, 22);
      texts.set(sharedAddress(name), text);
      return name;
    };
    const lean = "page" in item ? withoutShared(item, share) : item;
    for (const [name, text] of texts) {
      if (this.#seen.has(name)) continue;
      this.#seen.add(name);
      this.#put(name, { text });
    }
    this.#put(address, lean);
    if ("page" in item) {
      this.#pages += 1;
      this.#wait(linksOf(item, address));
    }
    if (this.#size >= CHUNK_SIZE) await this.#flush();
  }

  #put(address: string, item: unknown): void {
    const text = JSON.stringify(item);
    this.#texts.push(text);
    this.#addresses.push(address);
    this.#size += text.length;
  }

  async #flush(): Promise<void> {
    if (this.#texts.length === 0) return;
    const json = `[${this.#texts.join(",")}]`;
    const chunk = this.#chunks.push(this.#addresses) - 1;
    [this.#texts, this.#addresses, this.#size] = [[], [], 0];
    await this.#take(chunk, await packed(json));
  }
}

/** A page that asks for itself again, or counts on, is not yet what it will be. */
function isComplete({ props: { refresh, view } }: PageData): boolean {
  const isCounting = typeof view === "object" && view !== null && "isCounting" in view && view.isCounting;
  return refresh === undefined && isCounting !== true;
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** What stands before and behind the data in the page: the first page as it looks, the style and the script. */
async function frameOf(app: Hono, first: string, isWhole: boolean) {
  const script = await readFile(new URL("../packed.js", import.meta.url), "utf8");
  // As served: with the colours of charts, in the light and in the dark.
  const style = await (await app.request("/style.css")).text();
  const html = await (await app.request(first)).text();
  const [, title = ""] = /<title>(.*?)<\/title>/s.exec(html) ?? [];
  const [, body = ""] = /<body[^>]*>(.*)<\/body>/s.exec(html) ?? [];
  // A page of a file has no origin that 'self' could mean everywhere, so that chunks beside it are named by scheme too.
  const scripts = isWhole ? hashSource(script) : `${hashSource(script)} 'self' file:`;
  const policy = `default-src 'none'; script-src ${scripts}; style-src ${hashSource(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return {
    head: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title}</title><link rel="icon" href="data:,"><style>${style}</style></head><body>
<div id="packed">${body}</div><noscript><p class="problem">This page needs a browser with script to turn to its other pages.</p></noscript>
`,
    tail: `<script>${script}</script></body></html>\n`,
  };
}

function dataBlock(id: string, text: string): string {
  return `<script type="text/plain" id="${id}">${text}</script>\n`;
}

async function contentsBlock({ first, chunks }: PackedContents): Promise<string> {
  return dataBlock(CONTENTS_ID, await packed(JSON.stringify({ first, chunks })));
}

async function packFile(app: Hono, options: PackOptions): Promise<Packed> {
  const { out, first, replace } = options;
  if (replace !== true && (await exists(out)))
    throw new AgentRefineError(`${out} exists already`, {
      fix: "Give another name, or --force to replace it.",
    });
  const { head, tail } = await frameOf(app, first, true);
  return writeAtomically(out, async (file) => {
    let bytes = 0;
    const write = async (text: string): Promise<void> => {
      bytes += Buffer.byteLength(text);
      await file.write(text);
    };
    await write(head);
    const packing = new Packing(app, options, async (chunk, data) => {
      await write(dataBlock(chunkId(chunk), data));
      if (bytes > LARGEST_FILE) {
        throw new AgentRefineError(`${out} would be larger than ${LARGEST_FILE >> 20} MiB`, {
          fix: "Give the name of a folder: its pages are read as they are opened.",
        });
      }
    });
    const contents = await packing.run();
    await write((await contentsBlock(contents)) + tail);
    return { pages: contents.pages, bytes };
  });
}

async function packFolder(app: Hono, options: PackOptions): Promise<Packed> {
  const { out, first, replace } = options;
  const { head, tail } = await frameOf(app, first, false);
  return writeFolderAtomically(
    out,
    async (folder) => {
      let bytes = 0;
      const write = async (name: string, text: string): Promise<void> => {
        bytes += Buffer.byteLength(text);
        await writeAtomically(join(folder, name), (file) => file.write(text));
      };
      const packing = new Packing(app, options, (chunk, data) =>
        write(chunkFile(chunk), `${CHUNK_FUNCTION}(${chunk},"${data}");\n`),
      );
      const contents = await packing.run();
      await write("index.html", head + (await contentsBlock(contents)) + tail);
      return { pages: contents.pages, bytes };
    },
    { replace: replace ?? false },
  );
}

/**
 * Writes the pages of an app, from one of them on, so that they open by double click, without network or server: into
 * one file, or into a folder where there is more than a browser opens at once. They are the same pages: of each stands
 * its data there, and the browser renders it with the same components. Memory does not grow with the number of pages.
 *
 * @throws AgentRefineError when there is something of that name, one file would become too large, or the disk refuses;
 *   what `stop` was aborted with when it was
 */
export function packPages(app: Hono, options: PackOptions): Promise<Packed> {
  return options.out.endsWith(".html") ? packFile(app, options) : packFolder(app, options);
}
