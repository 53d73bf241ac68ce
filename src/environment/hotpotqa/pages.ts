import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import * as z from "zod";
import { AgentRefineError, storageError, systemErrorCode } from "../../errors.ts";
import { writeFileAtomically } from "../../runs/atomic-file.ts";
import type { Outside } from "../world.ts";
import type { AskPage } from "./question-world.ts";
import type { Site } from "./wikipedia.ts";

const pageSchema = z.object({
  /** What was asked for: path and query. */
  address: z.string(),
  /** When, as ISO 8601. */
  asked: z.string(),
  /** The whole address that answered in the end. */
  from: z.string(),
  status: z.int(),
  html: z.string(),
});

/** A page as it was answered. */
export type KeptPage = z.infer<typeof pageSchema>;

/** The most bytes of a page that is read back. */
const LARGEST = 64 * 1024 * 1024;

/** The file of a page: its name says nothing, so that any address has one. */
function fileOf(folder: string, address: string): string {
  const name = createHash("sha256").update(address).digest("hex").slice(0, 32);
  return join(folder, `${name}.json.gz`);
}

/** What tells a page from any other answer to the same address. */
function digestOf({ html }: KeptPage): string {
  return createHash("sha256").update(html).digest("hex");
}

function parsePage(text: string, address: string): KeptPage | undefined {
  try {
    const page = pageSchema.parse(JSON.parse(text));
    return page.address === address ? page : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The page that is kept for an address; undefined when there is none. Throws AgentRefineError for one that is damaged.
 */
async function readPage(folder: string, address: string): Promise<KeptPage | undefined> {
  const file = fileOf(folder, address);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw storageError(error, "read", file);
  }
  const text = await promisify(gunzip)(bytes, { maxOutputLength: LARGEST }).catch(() => undefined);
  const page = text === undefined ? undefined : parsePage(text.toString("utf8"), address);
  if (page !== undefined) return page;
  throw new AgentRefineError(`${file} is not the page of ${address}: it is damaged`, {
    fix: "Remove it, so that the page is asked for again.",
  });
}

/** Where pages come from: a folder in which they are kept, and, but for recorded ones, the site that fills it. */
interface PageSource {
  readonly folder: string;
  readonly site?: Site;
}

/** Pages for the worlds of an evaluation. A page is asked for once; all episodes see the same. */
export interface Pages {
  /** Rejects with an AgentRefineError when no page can be had. */
  reach(): Promise<void>;
  forEpisode(outside: Outside): AskPage;
}

/** Pages of recordings alone. */
function recordedPages(folder: string): Pages {
  return {
    reach: async () => {
      const isFolder = await stat(folder).then(
        (status) => status.isDirectory(),
        () => false,
      );
      if (isFolder) return;
      throw new AgentRefineError(`there is no folder of pages ${folder}`, {
        fix: "Correct 'recorded'; an evaluation of hotpotqa has them in its folder pages.",
      });
    },
    forEpisode: () => async (address) => {
      const page = await readPage(folder, address);
      if (page !== undefined) return page.html;
      throw new AgentRefineError(`${folder} has no page for ${address}`, {
        fix: "Leave out 'recorded', so that Wikipedia is asked.",
      });
    },
  };
}

export function openPages({ folder, site }: PageSource): Pages {
  if (site === undefined) return recordedPages(folder);
  const asking = new Map<string, Promise<KeptPage>>();

  const askAndKeep = async (address: string, signal: AbortSignal): Promise<KeptPage> => {
    const page = await site.ask(address, signal);
    await writeFileAtomically(fileOf(folder, address), await promisify(gzip)(JSON.stringify(page)));
    return page;
  };

  const get = async (address: string, signal: AbortSignal): Promise<KeptPage> => {
    for (;;) {
      const kept = await readPage(folder, address);
      if (kept !== undefined) return kept;
      const other = asking.get(address);
      if (other === undefined) break;
      // Another episode asks already; when it is given up, this one asks itself.
      const page = await other.catch((error: unknown) => {
        if (error instanceof AgentRefineError) throw error;
      });
      if (page !== undefined) return page;
      signal.throwIfAborted();
    }
    const own = askAndKeep(address, signal).finally(() => asking.delete(address));
    asking.set(address, own);
    return own;
  };

  return {
    reach: () => site.reach(),
    forEpisode: (outside) => async (address) => {
      // The journal has what tells the page from others, the folder has the page, so that the journal stays small.
      const digest = await outside.recall(`page ${address}`, async (signal) =>
        digestOf(await get(address, signal)),
      );
      const page = await get(address, outside.signal);
      if (digestOf(page) === digest) return page.html;
      throw new AgentRefineError(`the page ${address} is not the one that this episode has seen before`, {
        fix: `Put the page back into ${folder}, or play the episode anew ('retryFailed').`,
      });
    },
  };
}
