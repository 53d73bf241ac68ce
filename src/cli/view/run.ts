import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { annotatorName } from "../../annotation/annotator.ts";
import type { ViewFlags } from "../../config/flags.ts";
import { cacheHome } from "../../data/cache.ts";
import { AgentRefineError, storageError } from "../../errors.ts";
import { counted } from "../../numbers.ts";
import { createApp } from "../../view/app.tsx";
import { Library } from "../../view/library.ts";
import { type PageServer, servePages } from "../../view/server.ts";
import { asUsage, UsageError } from "../failure.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { tell } from "../terminal/text.ts";
import { openBrowser } from "./open-browser.ts";
import { packView } from "./pack.ts";

/** Where the pages are when no port was given and it is free, so that an address can be kept. */
const USUAL_PORT = 7333;

async function serve(
  library: Library,
  { port, as, readOnly }: ViewFlags,
  { directory }: Host,
): Promise<PageServer> {
  const app = createApp(
    library,
    readOnly === true ? undefined : { annotator: await annotatorName(as, directory) },
  );
  if (port !== undefined) return servePages(app, port);
  return servePages(app, USUAL_PORT).catch((error: unknown) => {
    if (error instanceof AgentRefineError) return servePages(app, 0);
    throw error;
  });
}

async function requireThere(paths: readonly string[], { directory }: Host): Promise<void> {
  for (const path of paths) {
    await stat(resolve(directory, path)).catch((error: unknown) => {
      throw storageError(error, "read", path);
    });
  }
}

/** `agentrefine view`: pages over runs, evaluations and data files, until it is interrupted. */
export async function runView(this: CliContext, flags: ViewFlags, ...given: string[]): Promise<void> {
  const { host } = this;
  const paths = given.length === 0 ? ["."] : given;
  if (flags.force === true && flags.out === undefined)
    throw new UsageError("--force is for --out only", { fix: "Leave it out." });
  await asUsage(() => requireThere(paths, host));
  const indexes = join(cacheHome(host.env), "index");
  const library = new Library({ paths, directory: host.directory, indexes });
  const { found, unreadable } = await library.look();
  for (const { shown, problem } of unreadable) tell(host.stderr, `${shown} cannot be shown: ${problem}`);
  if (found.length === 0) {
    tell(host.stderr, `There is no run, evaluation or data file below ${paths.join(", ")} yet.`);
  }
  if (flags.out !== undefined) return packView(library, flags.out, flags, host);
  const server = await asUsage(() => serve(library, flags, host));
  const interruption = watchInterrupts(host);
  const opened = flags.open !== false && openBrowser(server.url, host.env);
  const what = found.length === 0 ? "" : `${counted(found.length, "thing")} to look at: `;
  tell(host.stderr, `${what}${server.url}${opened ? "" : " (open it in a browser)"}; end with Ctrl-C.`);
  try {
    if (!interruption.signal.aborted) await once(interruption.signal, "abort");
  } finally {
    interruption.release();
    await server.close();
  }
  tell(host.stderr, "Stopped.");
}
