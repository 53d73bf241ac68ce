import { stat } from "node:fs/promises";
import { AgentRefineError } from "../../errors.ts";
import type { Outside } from "../world.ts";
import { digestOf, type KeptPage, keepPage, readPage } from "./page-folder.ts";
import type { AskPage } from "./question-world.ts";
import type { Site } from "./wikipedia.ts";

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

/** Opens the pages of a source. */
export function openPages({ folder, site }: PageSource): Pages {
  if (site === undefined) return recordedPages(folder);
  const asking = new Map<string, Promise<KeptPage>>();

  const askAndKeep = async (address: string, signal: AbortSignal): Promise<KeptPage> => {
    const page = await site.ask(address, signal);
    await keepPage(folder, page);
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
