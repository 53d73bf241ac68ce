import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import * as z from "zod";
import { systemErrorCode } from "../errors.ts";
import { isFields } from "../model/call.ts";
import { writeAtomically } from "../runs/atomic-file.ts";
import { journalLines } from "../runs/journal.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import { callRecordSchema, replaces, synthesisRecordSchema } from "./record.ts";
import { type Bought, type IndexedPersona, indexedPersona, NOTHING_BOUGHT, withCall } from "./run-index.ts";

/** Changes when what an index holds changes; one of another version is made anew. */
const INDEX_VERSION = 1;

const journalSchema = z.object({
  /** How far the journal was read: the end of its last whole line. */
  size: z.int().nonnegative(),
  lines: z.int().nonnegative(),
  /** A hash of its beginning and of what stands before `size`: tells whether the journal is still the same one. */
  mark: z.string(),
});
type ReadJournal = Readonly<z.infer<typeof journalSchema>>;

const headerSchema = z.object({
  version: z.literal(INDEX_VERSION),
  calls: journalSchema,
  syntheses: journalSchema,
  damage: z.array(z.string()).readonly(),
});

/** A line of the index. It is our own file, and large: of its records only that they are some is checked. */
const batchSchema = z.object({
  entries: z.array(z.custom<IndexedPersona>(isIndexed)).readonly(),
  underWay: z
    .array(z.object({ index: z.int().nonnegative(), bought: z.custom<Bought>(isFields) }))
    .readonly(),
});

function isIndexed(value: unknown): boolean {
  return (
    isFields(value) &&
    typeof value.index === "number" &&
    typeof value.id === "string" &&
    isFields(value.bought)
  );
}

const UNREAD: ReadJournal = { size: 0, lines: 0, mark: "" };
/** Bytes at both ends of what was read that are hashed. */
const MARKED = 4096;
/** Damaged lines that are told of. */
const MOST_DAMAGE = 20;
/** Personas of a line of the index. */
const BATCH = 500;
/** Bytes that may be read anew rather than written into the index. */
const CHEAP = 8 * 1024 * 1024;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return 0;
    throw error;
  }
}

async function markOf(path: string, size: number): Promise<string> {
  if (size === 0) return "";
  const hash = createHash("sha256");
  await using file: FileHandle = await open(path);
  for (const start of [0, Math.max(0, size - MARKED)]) {
    const length = Math.min(MARKED, size - start);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
    hash.update(buffer.subarray(0, bytesRead));
  }
  return hash.digest("hex").slice(0, 16);
}

/** What an indexed run needs. */
export interface IndexOptions {
  /** Where the index is kept; outside the run, in which looking changes nothing. */
  readonly file: string;
  /** Told from time to time how much of the run has been read, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * A run of any size that can be listed at once and read at any place: of each persona it holds some hundred bytes, and
 * where the records stand. Made by one pass over the journals, kept in a file of its own, continued where the run has
 * grown, and made anew when the run is another one. A line that cannot be read is told of and left out.
 */
export class IndexedRun {
  readonly #paths: RunPaths;
  readonly #options: IndexOptions;
  #entries = new Map<number, IndexedPersona>();
  #bought = new Map<number, Bought>();
  #calls: ReadJournal = UNREAD;
  #syntheses: ReadJournal = UNREAD;
  #damage: string[] = [];
  #personas = { size: -1, count: 0 };
  #listed: readonly IndexedPersona[] | undefined;
  #unsaved = 0;
  #refreshing: Promise<boolean> | undefined;

  private constructor(paths: RunPaths, options: IndexOptions) {
    this.#paths = paths;
    this.#options = options;
  }

  /** Opens a run: reads its index, or makes it. Throws AgentRefineError when the disk refuses. */
  static async open(paths: RunPaths, options: IndexOptions): Promise<IndexedRun> {
    const run = new IndexedRun(paths, options);
    await run.#load().catch(() => run.#forget());
    await run.refresh();
    return run;
  }

  /** How many personas the run has in all. */
  get personas(): number {
    return this.#personas.count;
  }

  /** The personas that have ended, in the order of the run. */
  get entries(): readonly IndexedPersona[] {
    this.#listed ??= [...this.#entries.values()].sort((one, other) => one.index - other.index);
    return this.#listed;
  }

  /** How many personas have calls and have not ended. */
  get underWay(): number {
    let count = 0;
    for (const index of this.#bought.keys()) if (!this.#entries.has(index)) count += 1;
    return count;
  }

  /** Lines that could not be read, in words. */
  get damage(): readonly string[] {
    return this.#damage;
  }

  /** Changes whenever the run has. */
  get version(): string {
    return `${this.#calls.size}-${this.#syntheses.size}-${this.#personas.size}`;
  }

  /** Takes in what has been written since; gives whether anything has. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<boolean> {
    const before = this.version;
    const sizes = {
      calls: await sizeOf(this.#paths.calls),
      syntheses: await sizeOf(this.#paths.syntheses),
      personas: await sizeOf(this.#paths.personas),
    };
    if (sizes.calls < this.#calls.size || sizes.syntheses < this.#syntheses.size) this.#forget();
    if (sizes.personas !== this.#personas.size) {
      this.#personas = { size: sizes.personas, count: await this.#countPersonas() };
    }
    const total = sizes.calls + sizes.syntheses - this.#calls.size - this.#syntheses.size;
    const progress = (done: number): void => this.#options.onProgress?.(total === 0 ? 1 : done / total);
    if (sizes.calls > this.#calls.size) await this.#readCalls(progress);
    const done = total - (sizes.syntheses - this.#syntheses.size);
    if (sizes.syntheses > this.#syntheses.size) await this.#readSyntheses((more) => progress(done + more));
    if (this.#unsaved > CHEAP) await this.#save();
    return this.version !== before;
  }

  async #countPersonas(): Promise<number> {
    let count = 0;
    for await (const _line of journalLines(this.#paths.personas)) count += 1;
    return count;
  }

  #forget(): void {
    this.#entries = new Map();
    this.#bought = new Map();
    this.#calls = UNREAD;
    this.#syntheses = UNREAD;
    this.#damage = [];
    this.#listed = undefined;
  }

  #note(path: string, line: number, problem: string): void {
    if (this.#damage.length < MOST_DAMAGE) this.#damage.push(`${path}: line ${line} ${problem}`);
  }

  async #readCalls(progress: (bytes: number) => void): Promise<void> {
    const { size: from, lines } = this.#calls;
    for await (const { number, start, length, record, problem } of journalLines(this.#paths.calls, from)) {
      const call = callRecordSchema.safeParse(record);
      if (call.success) {
        const { index } = call.data;
        const bought = withCall(this.#bought.get(index) ?? NOTHING_BOUGHT, call.data, { start, length });
        this.#bought.set(index, bought);
        const entry = this.#entries.get(index);
        if (entry !== undefined) this.#enter({ ...entry, bought });
      } else this.#note("calls.jsonl", lines + number, problem ?? "is not a call");
      this.#calls = { size: start + length + 1, lines: lines + number, mark: "" };
      if (number % 1000 === 0) progress(start - from);
    }
    this.#unsaved += this.#calls.size - from;
  }

  async #readSyntheses(progress: (bytes: number) => void): Promise<void> {
    const { size: from, lines } = this.#syntheses;
    for await (const { number, start, length, record, problem } of journalLines(
      this.#paths.syntheses,
      from,
    )) {
      const read = synthesisRecordSchema.safeParse(record);
      if (read.success) {
        const { index } = read.data;
        const before = this.#entries.get(index);
        if (replaces(before)) {
          const bought = this.#bought.get(index) ?? NOTHING_BOUGHT;
          this.#enter(indexedPersona(read.data, { start, length }, bought));
        }
      } else this.#note("syntheses.jsonl", lines + number, problem ?? "is not a synthesis");
      this.#syntheses = { size: start + length + 1, lines: lines + number, mark: "" };
      if (number % 1000 === 0) progress(start - from);
    }
    this.#unsaved += this.#syntheses.size - from;
  }

  #enter(entry: IndexedPersona): void {
    this.#entries.set(entry.index, entry);
    this.#listed = undefined;
  }

  /** Reads the index, when it is one of this run. Throws anything when it is not. */
  async #load(): Promise<void> {
    let isHead = true;
    for await (const { record } of journalLines(this.#options.file)) {
      if (isHead) {
        const { calls, syntheses, damage } = headerSchema.parse(record);
        const marks = [
          await markOf(this.#paths.calls, calls.size),
          await markOf(this.#paths.syntheses, syntheses.size),
        ];
        if (marks[0] !== calls.mark || marks[1] !== syntheses.mark) return;
        [this.#calls, this.#syntheses, this.#damage] = [calls, syntheses, [...damage]];
        isHead = false;
        continue;
      }
      const { entries, underWay } = batchSchema.parse(record);
      for (const entry of entries) {
        this.#entries.set(entry.index, entry);
        this.#bought.set(entry.index, entry.bought);
      }
      for (const { index, bought } of underWay) this.#bought.set(index, bought);
    }
  }

  /** Keeps the index. A folder that cannot be written costs the time of another pass, and nothing else. */
  async #save(): Promise<void> {
    this.#unsaved = 0;
    const calls = { ...this.#calls, mark: await markOf(this.#paths.calls, this.#calls.size) };
    const syntheses = {
      ...this.#syntheses,
      mark: await markOf(this.#paths.syntheses, this.#syntheses.size),
    };
    const header = { version: INDEX_VERSION, calls, syntheses, damage: this.#damage };
    const underWay = [...this.#bought].flatMap(([index, bought]) =>
      this.#entries.has(index) ? [] : [{ index, bought }],
    );
    await writeAtomically(this.#options.file, async (file) => {
      await file.write(`${JSON.stringify(header)}\n${JSON.stringify({ entries: [], underWay })}\n`);
      for (let from = 0; from < this.entries.length; from += BATCH) {
        const entries = this.entries.slice(from, from + BATCH);
        await file.write(`${JSON.stringify({ entries, underWay: [] })}\n`);
      }
    }).catch(() => undefined);
  }
}
