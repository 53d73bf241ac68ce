import type { RunPaths } from "../../runs/run-folder.ts";
import type { CallRecord } from "../record.ts";
import { readBatchEvents } from "./batch-record.ts";
import { addBatchEvent, NO_BATCHES, openBatches, type Standing } from "./standing.ts";

/** The batches of a run as its folder has them. */
export async function readStanding(paths: RunPaths): Promise<Standing> {
  let standing = NO_BATCHES;
  for await (const event of readBatchEvents(paths.batches)) standing = addBatchEvent(standing, event);
  return standing;
}

/** What a run waits for at its batch service. */
export interface Waiting {
  readonly batches: number;
  readonly requests: number;
}

/** What a run waits for, as its folder has it; nothing for one that is asked live. */
export async function readWaiting(paths: RunPaths): Promise<Waiting> {
  const open = openBatches(await readStanding(paths));
  return { batches: open.length, requests: open.reduce((sum, { requests }) => sum + requests, 0) };
}

/** The calls of a run that came with batches of which not all is taken: what a second taking has to pass over. */
export class BatchedCalls {
  /** Names of calls (`12-2`) by the tag of their batch. */
  readonly kept = new Map<string, Set<string>>();
  readonly #open: ReadonlySet<string>;

  constructor(standing: Standing = NO_BATCHES) {
    this.#open = new Set(openBatches(standing).map(({ batch }) => batch));
  }

  readonly add = ({ index, call, batch }: CallRecord): void => {
    const [id] = batch?.split("/") ?? [];
    if (batch === undefined || id === undefined || !this.#open.has(id)) return;
    const names = this.kept.get(batch) ?? new Set<string>();
    this.kept.set(batch, names.add(`${index}-${call}`));
  };
}
