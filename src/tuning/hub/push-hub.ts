import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CommitOperation, commitIter, createRepo, HubApiError, listFiles } from "@huggingface/hub";
import { type HubState, hubState, questionFetch, stoppableFetch } from "./ask-hub.ts";
import { hubError } from "./hub-error.ts";
import type { HubTarget } from "./hub-target.ts";

/** How far an upload is. */
export interface PushProgress {
  /** Files that are there, of all that are sent by themselves. Small ones go with the commit at the end. */
  readonly uploaded: number;
  readonly files: number;
}

/** A folder that is uploaded. */
export interface PushHubOptions {
  /** The path of a folder that `writeHub` wrote. */
  readonly folder: string;
  readonly target: HubTarget;
  /** What was found there; a data set that is there is replaced: its card and all of its split `train`. */
  readonly found: HubState["code"];
  /** Whether a new data set can be seen by its owner only; else the owner's own setting decides, which is public for most. */
  readonly isPrivate: boolean;
  readonly stop: AbortSignal;
  readonly onProgress?: (progress: PushProgress) => void;
}

/** What came of an upload. */
export interface Pushed {
  readonly files: number;
  /** The name of the commit. */
  readonly commit: string;
  readonly isPrivate: boolean;
}

type Designation = Pick<Parameters<typeof createRepo>[0], "repo" | "hubUrl"> & {
  readonly accessToken: string;
};

const CARD = "README.md";
const DATA = "data";
const SHARD = /^data\/train-[^/]*\.parquet$/;

async function additions(folder: string): Promise<readonly CommitOperation[]> {
  const shards = (await readdir(join(folder, DATA))).sort().map((name) => `${DATA}/${name}`);
  return [...shards, CARD].map((path) => ({
    operation: "addOrUpdate",
    path,
    content: pathToFileURL(join(folder, path)),
  }));
}

/** Takes away files of the split that have no successor: beside the new ones they would double the rows. */
async function deletions(
  place: Designation,
  added: readonly CommitOperation[],
  stop: AbortSignal,
): Promise<readonly CommitOperation[]> {
  const names = new Set(added.map(({ path }) => path));
  const stale: CommitOperation[] = [];
  try {
    for await (const { path } of listFiles({ ...place, path: DATA, fetch: questionFetch(stop) })) {
      if (SHARD.test(path) && !names.has(path)) stale.push({ operation: "delete", path });
    }
  } catch (error) {
    // There is no such folder.
    if (!(error instanceof HubApiError) || error.statusCode !== 404) throw error;
  }
  return stale;
}

/** Sends files and commits them at once: until the end, the data set is what it was. Gives the commit's name. */
async function commitAll(
  place: Designation,
  operations: readonly CommitOperation[],
  { stop, onProgress }: PushHubOptions,
): Promise<string> {
  const done = new Set<string>();
  const files = operations.filter(({ path }) => SHARD.test(path)).length;
  onProgress?.({ uploaded: 0, files });
  const events = commitIter({
    ...place,
    operations: [...operations],
    title: "Upload with agentrefine",
    // Plain HTTP, which every endpoint speaks.
    useXet: false,
    fetch: stoppableFetch(stop),
    abortSignal: stop,
  });
  let event = await events.next();
  for (; event.done !== true; event = await events.next()) {
    const { value } = event;
    if (value.event !== "fileProgress" || value.state !== "uploading" || value.progress < 1) continue;
    done.add(value.path);
    onProgress?.({ uploaded: done.size, files });
  }
  return event.value?.commit.oid ?? "";
}

/**
 * Uploads a folder that `writeHub` wrote to a hub as a data set, in one commit. A new data set is made where there is
 * none. What can be seen by everybody is asked of the hub afterwards, since an organisation can have a rule of its own.
 *
 * @throws AgentRefineError when the hub cannot be reached or refuses; what `stop` was aborted with when it was
 */
export async function pushHub(options: PushHubOptions): Promise<Pushed> {
  const { folder, target, found, isPrivate, stop } = options;
  const { endpoint: hubUrl, token: accessToken, repository: name } = target;
  const place: Designation = { repo: { type: "dataset", name }, hubUrl, accessToken };
  try {
    if (found === "missing") {
      const visibility = isPrivate ? ({ visibility: "private" } as const) : {};
      await createRepo({ ...place, ...visibility, fetch: questionFetch(stop) });
    }
    const added = await additions(folder);
    const removed = found === "missing" ? [] : await deletions(place, added, stop);
    const commit = await commitAll(place, [...removed, ...added], options);
    const state = await hubState(target, stop);
    return { files: added.length, commit, isPrivate: state.code === "found" && state.isPrivate };
  } catch (error) {
    stop.throwIfAborted();
    throw hubError(error, target);
  }
}
