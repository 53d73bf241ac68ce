import { resolve } from "node:path";
import type { ViewFlags } from "../../config/flags.ts";
import { counted, wholeNumber } from "../../numbers.ts";
import type { Library } from "../../view/library.ts";
import { packLibrary } from "../../view/packed/pack-library.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { showProgress } from "../terminal/progress.ts";
import { fitLine } from "../terminal/table.ts";
import { tell } from "../terminal/text.ts";

/** `agentrefine view --out`: writes the pages into a file or a folder instead of serving them. */
export async function packView(library: Library, out: string, flags: ViewFlags, host: Host): Promise<void> {
  // --no-open is kept to: nothing is opened.
  const { port, as, readOnly, open } = flags;
  const forServing = { port, as, "read-only": readOnly, open: open === true ? open : undefined };
  for (const [name, given] of Object.entries(forServing)) {
    if (given !== undefined)
      throw new UsageError(`--${name} is not for --out, which serves nothing`, { fix: "Leave it out." });
  }
  const interruption = watchInterrupts(host);
  let [done, known] = [0, 0];
  const line = (width: number): string =>
    fitLine(
      [{ text: `packed ${wholeNumber(done)} of the ${counted(known, "page")} found so far`, rank: 0 }],
      width,
    );
  const progress = showProgress(host, line, false);
  try {
    const { pages, bytes } = await asUsage(() =>
      packLibrary(library, {
        out: resolve(host.directory, out),
        replace: flags.force === true,
        stop: interruption.signal,
        onProgress: (...told) => {
          [done, known] = told;
        },
      }),
    );
    progress.end();
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    const path = showPath(out, host.directory);
    tell(
      host.stderr,
      `Wrote ${counted(pages, "page")} to ${path} (${size}). It opens by double click, without network or server.`,
    );
  } finally {
    progress.end();
    interruption.release();
  }
}
