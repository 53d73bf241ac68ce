import { z } from "zod";
import { type RecordKind, readRecords } from "../runs/journal.ts";

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

/** The lines of a run's `batches.jsonl`. */
const EVENTS: RecordKind<BatchEvent> = { schema: batchEventSchema, name: "an event of a batch" };

/** Reads what happened to the batches of a run, in order. Throws AgentRefineError. */
export function readBatchEvents(path: string): AsyncGenerator<BatchEvent, void, undefined> {
  return readRecords(path, EVENTS);
}
