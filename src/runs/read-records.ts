import type * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import { readJournal } from "./read-journal.ts";

/** What the lines of a journal are. */
export interface RecordKind<Value> {
  readonly schema: z.ZodType<Value>;
  /** With its article, such as `a call`. */
  readonly name: string;
  /** What comes of removing a line, as half a sentence; not given where lines count by their places. */
  readonly removal?: string;
}

/** A record of a journal, checked, and where its line stands in the file, in bytes. */
export interface PlacedValue<Value> {
  readonly value: Value;
  readonly start: number;
  readonly length: number;
}

/** The records of a journal in order, each checked, with their places. A missing file has none. Throws AgentRefineError. */
export async function* readPlaced<Value>(
  path: string,
  { schema, name, removal }: RecordKind<Value>,
): AsyncGenerator<PlacedValue<Value>, void, undefined> {
  let line = 0;
  for await (const { record, start, length } of readJournal(path)) {
    line += 1;
    const parsed = schema.safeParse(record);
    if (!parsed.success) {
      throw new AgentRefineError(`${path} is damaged: line ${line} is not ${name}`, {
        fix: `Restore the file from a copy${removal === undefined ? "" : `, or remove that line; ${removal}`}.`,
      });
    }
    yield { value: parsed.data, start, length };
  }
}

/** The records alone; see {@link readPlaced}. */
export async function* readRecords<Value>(
  path: string,
  kind: RecordKind<Value>,
): AsyncGenerator<Value, void, undefined> {
  for await (const { value } of readPlaced(path, kind)) yield value;
}
