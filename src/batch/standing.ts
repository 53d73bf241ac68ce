import { z } from "zod";
import { defined } from "../defined.ts";
import { AgentRefineError } from "../errors.ts";
import type { AnswerFile } from "../model/batch/batch-service.ts";
import { readRecords } from "../runs/journal.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import { type BatchedCall, type BatchFolder, callName, type KeptFile, requestsOf } from "./batch-folder.ts";

type Planned = Extract<BatchEvent, { readonly event: "planned" }>;

/** A batch that a service has made, and how far its answers have come to us. There is one, except by mishap. */
export interface BatchCopy {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly ended?: {
    readonly state: string;
    readonly files: readonly AnswerFile[];
    /** How many replies its output is said to hold. */
    readonly replies?: number;
  };
  /** The files of answers in the run's folder of batches. */
  readonly fetched?: readonly KeptFile[];
  /** Whether nothing more will come of it: its answers are taken, or it was refused whole. */
  readonly isTaken: boolean;
  readonly kept: number;
}

/** A batch of a run as its events leave it. */
export interface StandingBatch extends Omit<Planned, "event" | "at"> {
  /** Milliseconds since 1970. */
  readonly plannedAt: number;
  /** The service's id of the uploaded file. */
  readonly upload?: string;
  readonly copies: readonly BatchCopy[];
  /** Whether it was refused whole before there was one. */
  readonly isRefused: boolean;
}

/** The batches of a run, and how often calls were asked again: a fold over its events. */
export interface Standing {
  /** All batches by our own ids, those that are over too: a second copy of one may still come to light. */
  readonly batches: ReadonlyMap<string, StandingBatch>;
  /** Calls (`12-2`) that got no answer in a batch, and in how many. */
  readonly again: ReadonlyMap<string, number>;
}

/** A run that has no batches yet. */
const NO_BATCHES: Standing = { batches: new Map(), again: new Map() };

/** Whether nothing more is to be done for a batch. */
function isOver({ isRefused, copies }: StandingBatch): boolean {
  return copies.length === 0 ? isRefused : copies.every(({ isTaken }) => isTaken);
}

/** The batches for which something is still to be done, in the order in which they were planned. */
export function openBatches({ batches }: Standing): readonly StandingBatch[] {
  return [...batches.values()].filter((batch) => !isOver(batch));
}

function withCopy(
  batch: StandingBatch,
  id: string | undefined,
  change: (copy: BatchCopy) => BatchCopy,
): StandingBatch {
  return { ...batch, copies: batch.copies.map((copy) => (copy.id === id ? change(copy) : copy)) };
}

function changed(batch: StandingBatch, event: Exclude<BatchEvent, Planned>): StandingBatch {
  switch (event.event) {
    case "uploaded":
      return { ...batch, upload: event.file };
    case "created": {
      if (batch.copies.some(({ id }) => id === event.id)) return batch;
      const copy = { id: event.id, createdAt: Date.parse(event.at), isTaken: false, kept: 0 };
      return { ...batch, copies: [...batch.copies, copy] };
    }
    case "ended": {
      const { id, state, files, replies, refusal } = event;
      if (id === undefined) return { ...batch, isRefused: refusal !== undefined };
      const ended = { state, files, ...defined({ replies }) };
      // Of two copies one may be refused and the other not.
      return withCopy(batch, id, (copy) => ({ ...copy, ended, isTaken: refusal !== undefined }));
    }
    case "fetched":
      return withCopy(batch, event.id, (copy) => ({ ...copy, fetched: event.files }));
    case "taken":
      return withCopy(batch, event.id, (copy) => ({ ...copy, isTaken: true, kept: event.kept }));
  }
}

export function addBatchEvent(standing: Standing, event: BatchEvent): Standing {
  const batches = new Map(standing.batches);
  if (event.event === "planned") {
    const { event: _kind, at, ...rest } = event;
    batches.set(event.batch, { ...rest, plannedAt: Date.parse(at), copies: [], isRefused: false });
    return { ...standing, batches };
  }
  const before = batches.get(event.batch);
  if (before === undefined) return standing;
  batches.set(event.batch, changed(before, event));
  if (event.event !== "taken") return { ...standing, batches };
  const again = new Map(standing.again);
  for (const call of event.again) again.set(call, (again.get(call) ?? 0) + 1);
  return { batches, again };
}

/** The batches of a run as its folder has them. */
export async function readStanding(paths: RunPaths): Promise<Standing> {
  let standing = NO_BATCHES;
  for await (const event of readBatchEvents(paths.batches)) standing = addBatchEvent(standing, event);
  return standing;
}

/** The batches for one of the models that are asked: see `by` of a batch. */
export function standingOf({ batches, again }: Standing, by: string | undefined): Standing {
  return { batches: new Map([...batches].filter(([, batch]) => batch.by === by)), again };
}

/** How much a run waits for at its batch service, as its folder has it; nothing for one that is asked live. */
export async function readWaiting(
  paths: RunPaths,
): Promise<{ readonly batches: number; readonly requests: number }> {
  const open = openBatches(await readStanding(paths));
  return { batches: open.length, requests: open.reduce((sum, { requests }) => sum + requests, 0) };
}

/** The calls of a run that came with batches of which not all is taken: what a second taking has to pass over. */
export class BatchedCalls {
  /** Names of calls (`12-2`) by the tag of their batch. */
  readonly kept = new Map<string, Set<string>>();
  readonly #open: ReadonlySet<string>;

  constructor(standing: Standing) {
    this.#open = new Set(openBatches(standing).map(({ batch }) => batch));
  }

  readonly add = (record: Omit<BatchedCall, "request"> & { readonly batch?: string }): void => {
    const { batch } = record;
    const [id] = batch?.split("/") ?? [];
    if (batch === undefined || id === undefined || !this.#open.has(id)) return;
    const names = this.kept.get(batch) ?? new Set<string>();
    this.kept.set(batch, names.add(callName(record)));
  };
}

/** The requests in open batches. Rejects with an AgentRefineError when a file of requests is damaged. */
export async function askedIn(
  folder: BatchFolder,
  standing: Standing,
): Promise<readonly (BatchedCall & { readonly batch: string })[]> {
  const calls: (BatchedCall & { readonly batch: string })[] = [];
  for (const { file, batch, requests, copies, isRefused } of openBatches(standing)) {
    const found = await requestsOf(folder, file);
    for (const call of found) calls.push({ ...call, batch });
    // The requests of a batch that was over are gone; a second copy of it came to light later.
    const wasOver = isRefused || copies.some(({ isTaken }) => isTaken);
    if (found.length === requests || wasOver) continue;
    throw new AgentRefineError(`${folder.path(file)} does not hold the ${requests} requests of its batch`, {
      fix: "Restore the file from a copy: without it nobody can tell what was bought.",
    });
  }
  return calls;
}

const batch = z.string();
const count = z.int().nonnegative();

/**
 * Checks a line of a run's `batches.jsonl`: one thing that happened to one batch, synced before the next is done. The
 * events of a batch come in this order, and what stands last says what a killed run goes on with.
 */
export const batchEventSchema = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("planned"),
    /** Our own short id, which stands in every request's id, in the file's name and in the metadata. */
    batch,
    /** ISO 8601. */
    at: z.string(),
    service: z.string(),
    model: z.string(),
    /** The model again where it is not the one that a run or an evaluation is about: a judge. */
    by: z.string().exactOptional(),
    /** The name of the file in the run's folder of batches, which is there and on the disk. */
    file: z.string(),
    sha256: z.string(),
    requests: count,
    bytes: count,
    /** Prompt tokens, estimated. */
    tokens: count,
    /** The most that it can cost, in dollars; null when the price is unknown. */
    reserve: z.number().nonnegative().nullable(),
  }),
  /** `file` is the service's id of the uploaded file. */
  z.object({ event: z.literal("uploaded"), batch, file: z.string() }),
  /** `id` is the service's. A batch has a second line when it was found to be there twice. */
  z.object({ event: z.literal("created"), batch, id: z.string(), at: z.string() }),
  z.object({
    event: z.literal("ended"),
    batch,
    /** Left out for a batch that was refused before it had an id. */
    id: z.string().exactOptional(),
    state: z.string(),
    answered: count.exactOptional(),
    /** How many replies its output is said to hold. */
    replies: count.exactOptional(),
    files: z.array(z.object({ kind: z.enum(["output", "errors"]), id: z.string() })).readonly(),
    /** Why it was refused whole. */
    refusal: z.string().exactOptional(),
  }),
  z.object({
    event: z.literal("fetched"),
    batch,
    id: z.string(),
    files: z.array(z.object({ file: z.string(), bytes: count, sha256: z.string() })).readonly(),
  }),
  z.object({
    event: z.literal("taken"),
    batch,
    id: z.string().exactOptional(),
    /** Replies that stand in `calls.jsonl`. */
    kept: count,
    /** The calls (`12-2` is call 2 of persona 12) that got no answer and are asked again. */
    again: z.array(z.string()).readonly(),
  }),
]);

/** One line of a run's `batches.jsonl`. */
export type BatchEvent = Readonly<z.infer<typeof batchEventSchema>>;

/** Reads what happened to the batches of a run, in order. Throws AgentRefineError. */
export function readBatchEvents(path: string): AsyncGenerator<BatchEvent, void, undefined> {
  return readRecords(path, { schema: batchEventSchema, name: "an event of a batch" });
}
