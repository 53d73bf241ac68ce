import type { BatchFolder } from "./batch-folder.ts";

/** What a request of a batch is for. */
export interface BatchedCall {
  /** Who asks: a persona's place in its run, or a number made of an episode's name. */
  readonly index: number;
  /** The call's number within the persona or the episode, from 1. */
  readonly call: number;
  /** The hash of the request: see `requestHash`. */
  readonly request: string;
}

/** Names a call within a run: `12-2` is call 2 of persona 12. */
export function callName({ index, call }: Omit<BatchedCall, "request">): string {
  return `${index}-${call}`;
}

/** Names a call with its request. */
export function exactName(call: BatchedCall): string {
  return `${callName(call)}-${call.request}`;
}

/**
 * The id of a request in a batch. It holds all that its answer is matched by, so that no table of ids is needed, and
 * the batch's own id, by which a batch without a name is recognised. It fits what every service takes.
 */
export function customId({ index, call, request }: BatchedCall, batch: string): string {
  return `p${index}-c${call}-${request}-${batch}`;
}

const CUSTOM_ID = /^p(\d{1,15})-c(\d{1,6})-([0-9a-f]{16})-([0-9a-z]{1,16})$/;

/** What an id says; undefined for one that is not ours. */
export function readCustomId(id: string): (BatchedCall & { readonly batch: string }) | undefined {
  const [, index, call, request, batch] = CUSTOM_ID.exec(id) ?? [];
  if (request === undefined || batch === undefined) return undefined;
  return { index: Number(index), call: Number(call), request, batch };
}

const AT_START = /^\{"custom_id":"([a-zA-Z0-9_-]{1,64})"/;

/**
 * The requests in a batch file, each read from the beginning of its line alone: the prompt behind it is long. None when
 * the file is no longer there.
 */
export async function requestsOf(folder: BatchFolder, file: string): Promise<readonly BatchedCall[]> {
  const calls: BatchedCall[] = [];
  for await (const line of folder.lines(file)) {
    const call = readCustomId(AT_START.exec(line)?.[1] ?? "");
    if (call !== undefined) calls.push(call);
  }
  return calls;
}
