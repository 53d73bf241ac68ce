import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { annotatorName } from "../../annotation/annotator.ts";
import type { ViewFlags } from "../../config/flags.ts";
import { cacheHome } from "../../data/cache.ts";
import type { Env } from "../../env.ts";
import { AgentRefineError, storageError } from "../../errors.ts";
import { counted, wholeNumber } from "../../numbers.ts";
import { createApp } from "../../view/app.tsx";
import { Library } from "../../view/library.ts";
import { packLibrary } from "../../view/packed/pack-library.ts";
import { type PageServer, servePages } from "../../view/server.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { serveUntilInterrupted, watchInterrupts } from "../terminal/interruption.ts";
import { showProgress } from "../terminal/progress.ts";
import { fitLine } from "../terminal/table.ts";
import { dashed, tell } from "../terminal/text.ts";

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

/** The command that opens an address in the browser; undefined where there is no screen to show it on. */
function opener(env: Env, platform: NodeJS.Platform): readonly [string, ...string[]] | undefined {
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  const hasScreen = env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
  return hasScreen && env.SSH_CONNECTION === undefined ? ["xdg-open"] : undefined;
}

/** Opens an address in the browser, if there is one; that there is none is no error. Gives whether it tried. */
function openBrowser(url: string, env: Env, platform: NodeJS.Platform = process.platform): boolean {
  const [command, ...words] = opener(env, platform) ?? [];
  if (command === undefined) return false;
  const child = spawn(command, [...words, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
  return true;
}

/** `agentrefine view --out`: writes the pages into a file or a folder instead of serving them. */
async function packView(library: Library, out: string, flags: ViewFlags, host: Host): Promise<void> {
  // --no-open is kept to: nothing is opened.
  const { port, as, readOnly, open } = flags;
  const forServing = { port, as, readOnly, open: open === true ? open : undefined };
  for (const [name, given] of Object.entries(forServing)) {
    if (given !== undefined)
      throw new UsageError(`${dashed(name)} is not for --out, which serves nothing`, {
        fix: "Leave it out.",
      });
  }
  using interruption = watchInterrupts(host);
  let [done, known] = [0, 0];
  const text = (): string => `packed ${wholeNumber(done)} of the ${counted(known, "page")} found so far`;
  const progress = showProgress(host, (width) => fitLine([{ text: text(), rank: 0 }], width), false);
  const { pages, bytes } = await asUsage(() =>
    packLibrary(library, {
      out: resolve(host.directory, out),
      replace: flags.force === true,
      stop: interruption.signal,
      onProgress: (...told) => {
        [done, known] = told;
      },
    }),
  ).finally(progress[Symbol.dispose]);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const path = showPath(out, host.directory);
  tell(
    host.stderr,
    `Wrote ${counted(pages, "page")} to ${path} (${size}). It opens by double click, without network or server.`,
  );
}

/** `agentrefine view`: pages over runs, evaluations and data files, until it is interrupted. */
export async function runView(host: Host, flags: ViewFlags, ...given: string[]): Promise<void> {
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
  const opened = flags.open !== false && openBrowser(server.url, host.env);
  const what = found.length === 0 ? "" : `${counted(found.length, "thing")} to look at: `;
  const how = opened ? "" : " (open it in a browser)";
  await serveUntilInterrupted(host, server, [`${what}${server.url}${how}; end with Ctrl-C.`]);
}
