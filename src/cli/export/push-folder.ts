import { AgentRefineError } from "../../errors.ts";
import { hubPage } from "../../tuning/hub/hub-target.ts";
import type { PushProgress } from "../../tuning/hub/push-hub.ts";
import { pushWords } from "../export-words.ts";
import type { Host } from "../terminal/host.ts";
import { showProgress } from "../terminal/progress.ts";
import { showPath } from "../terminal/show-path.ts";
import type { PushOrder } from "./push-order.ts";

/** What came of an upload, for the report. */
export interface PushReport {
  readonly line: string;
  /** Further fields of the JSON. */
  readonly fields: object;
}

/**
 * Uploads a folder for the hub and shows how far it is.
 *
 * @throws AgentRefineError when that fails, with where the folder stands
 */
export async function pushFolder(
  { target, found, isPrivate }: PushOrder,
  folder: string,
  host: Host,
  { quiet, stop }: { readonly quiet: boolean; readonly stop: AbortSignal },
): Promise<PushReport> {
  const { pushHub } = await import("../../tuning/hub/push-hub.ts");
  let now: PushProgress = { uploaded: 0, files: 0 };
  const line = (width: number): string => pushWords.progress(now.uploaded, now.files).slice(0, width);
  const progress = showProgress(host, line, quiet);
  const onProgress = (told: PushProgress): void => {
    now = told;
  };
  try {
    const pushed = await pushHub({ folder, target, found, isPrivate, stop, onProgress });
    const page = hubPage(target);
    return {
      line: pushWords.done(page, pushed.files, pushed.isPrivate),
      fields: { pushed: { page, commit: pushed.commit, private: pushed.isPrivate, files: pushed.files } },
    };
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    const fix = error.fix === undefined ? {} : { fix: error.fix };
    throw new AgentRefineError(pushWords.failed(showPath(folder, host.directory), error.message), {
      ...fix,
      cause: error,
    });
  } finally {
    progress.end();
  }
}
