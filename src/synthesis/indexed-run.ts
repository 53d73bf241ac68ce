import { createHash } from "node:crypto";
import { exists } from "../runs/atomic-file.ts";
import { journalLines, type RecordKind } from "../runs/journal.ts";
import { type LinePlace, openBytes } from "../runs/journal-bytes.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import {
  appendPart,
  endOf,
  type IndexState,
  IndexTexts,
  loadParts,
  type ReadJournal,
  readParts,
  snapshotOf,
  writeIndex,
} from "./index-file.ts";
import { type PersonaRow, PersonaTable } from "./persona-table.ts";
import {
  CALLS,
  type CallRecord,
  type IndexedPersona,
  indexedPersona,
  replaces,
  SYNTHESES,
  type SynthesisRecord,
} from "./record.ts";
import { addCall, addLastSynthesis, EMPTY_TALLY, type FailedRecord, type Tally } from "./tally.ts";

/** The journals that an index is made of. */
type JournalName = "calls" | "syntheses";

const UNREAD: ReadJournal = { size: 0, lines: 0, mark: "" };
/** Bytes at both ends of what was read that are hashed. */
const MARKED = 4096;
/** Damaged lines that are told of. */
const MOST_DAMAGE = 20;
/** Bytes of journals that may be read anew rather than written into the index. */
const CHEAP = 8 * 1024 * 1024;
/** The same while a run is driven: what a killed run leaves to be read. */
const SAVE_EVERY = 32 * 1024 * 1024;

async function sizeOf(path: string): Promise<number> {
  await using bytes = await openBytes(path);
  return bytes?.size ?? 0;
}

async function endsHash(path: string, size: number): Promise<string> {
  if (size === 0) return "";
  const hash = createHash("sha256");
  await using bytes = await openBytes(path);
  for (const start of [0, Math.max(0, size - MARKED)])
    hash.update((await bytes?.read(start, Math.min(MARKED, size - start))) ?? "");
  return hash.digest("hex").slice(0, 16);
}

export interface IndexOptions {
  /** Where the index is kept by those who only look, outside the run, in which looking changes nothing. */
  readonly file?: string | undefined;
  /** Whether this process has the run's lock: its index is then kept beside the run. */
  readonly drives?: boolean;
  /** Told from time to time how much of the run has been read, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * A run of any size that can be listed at once and read at any place: of each persona it holds some hundred bytes, and
 * where the records stand. Made by one pass over the journals, or while the run is made; kept in a file beside the run
 * or outside it, continued where the run has grown, and made anew when the run is another one. A line that cannot be
 * read is told of and left out.
 */
export class IndexedRun {
  readonly #paths: RunPaths;
  #options: IndexOptions;
  #texts = new IndexTexts();
  #table = new PersonaTable(this.#texts);
  readonly #read: Record<JournalName, ReadJournal> = { calls: UNREAD, syntheses: UNREAD };
  #damage: string[] = [];
  #personas = { size: -1, count: 0, hash: "" };
  #tally: Tally = EMPTY_TALLY;
  #unpriced = new Set<string>();
  #failed = new Map<number, FailedRecord>();
  #listed: readonly IndexedPersona[] | undefined;
  #unsaved = 0;
  #isSaving = false;
  /** The file that was loaded or saved last, and where it ends. */
  #kept: { readonly path: string; readonly end: number } | undefined;
  #refreshing: Promise<boolean> | undefined;

  private constructor(paths: RunPaths, options: IndexOptions) {
    this.#paths = paths;
    this.#options = options;
  }

  /** Opens a run: reads its index, or makes it. Throws AgentRefineError when the disk refuses. */
  static async open(paths: RunPaths, options: IndexOptions = {}): Promise<IndexedRun> {
    const run = new IndexedRun(paths, options);
    await run.#load();
    await run.refresh();
    return run;
  }

  /** Opens a run whose index is there and has nearly all of it; undefined for another. */
  static async openKept(paths: RunPaths): Promise<IndexedRun | undefined> {
    if (!(await exists(paths.index))) return undefined;
    const run = new IndexedRun(paths, {});
    await run.#load();
    const unread = (await sizeOf(paths.calls)) + (await sizeOf(paths.syntheses));
    if (run.#kept === undefined || unread - run.#read.calls.size - run.#read.syntheses.size > 2 * SAVE_EVERY)
      return undefined;
    await run.refresh();
    return run;
  }

  /** Goes on as the index of who has the run's lock by now, with what was written until then. */
  async drive(): Promise<IndexedRun> {
    this.#options = { ...this.#options, drives: true };
    await this.refresh();
    return this;
  }

  /** How many personas the run has in all. */
  get personas(): number {
    return this.#personas.count;
  }

  /** The personas that have ended, in the order of the run. */
  get entries(): readonly IndexedPersona[] {
    this.#listed ??= this.#table.entries();
    return this.#listed;
  }

  /** The persona that has ended and has this id, else one whose id begins so. */
  find(id: string): IndexedPersona | undefined {
    return this.#table.find(id);
  }

  /** How many personas have calls and have not ended. */
  get underWay(): number {
    return this.#table.size - this.#table.ended;
  }

  /** The places in the run of the personas that have calls and have not ended. */
  get begun(): readonly number[] {
    return this.#table.underWay();
  }

  /** What is known of the persona at a place of the run, ended or not. */
  at(index: number): PersonaRow | undefined {
    return this.#table.get(index);
  }

  /** What the run has come to: the fold over its journals. Costs are those that were known when the calls were bought. */
  get tally(): Tally {
    return this.#tally;
  }

  /** The models of calls whose price was unknown when they were bought; undefined for the run's only one. */
  get unpriced(): readonly (string | undefined)[] {
    return [...this.#unpriced].map((model) => (model === "" ? undefined : model));
  }

  /** The personas that have failed, by their places. */
  get failed(): ReadonlyMap<number, FailedRecord> {
    return this.#failed;
  }

  /** Lines that could not be read, in words. */
  get damage(): readonly string[] {
    return this.#damage;
  }

  /** Changes whenever the run has. */
  get version(): string {
    return `${this.#read.calls.size}-${this.#read.syntheses.size}-${this.#personas.size}`;
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
    if (sizes.calls < this.#read.calls.size || sizes.syntheses < this.#read.syntheses.size) this.#forget();
    if (sizes.personas !== this.#personas.size) await this.#countPersonas(sizes.personas);
    const total = sizes.calls + sizes.syntheses - this.#read.calls.size - this.#read.syntheses.size;
    const progress = (done: number): void => this.#options.onProgress?.(total === 0 ? 1 : done / total);
    if (sizes.calls > this.#read.calls.size)
      await this.#readOn("calls", CALLS, (call, at) => this.#addCall(call, at), progress);
    const done = total - (sizes.syntheses - this.#read.syntheses.size);
    if (sizes.syntheses > this.#read.syntheses.size)
      await this.#readOn(
        "syntheses",
        SYNTHESES,
        (record, at) => this.#addSynthesis(record, at),
        (more) => progress(done + more),
      );
    if (this.#unsaved > CHEAP) await this.save();
    return this.version !== before;
  }

  async #countPersonas(size: number): Promise<void> {
    let count = 0;
    for await (const _line of journalLines(this.#paths.personas)) count += 1;
    this.#personas = { size, count, hash: await endsHash(this.#paths.personas, size) };
  }

  #forget(): void {
    this.#texts.close();
    this.#texts = new IndexTexts();
    this.#table = new PersonaTable(this.#texts);
    [this.#read.calls, this.#read.syntheses] = [UNREAD, UNREAD];
    this.#damage = [];
    this.#tally = EMPTY_TALLY;
    this.#unpriced = new Set();
    this.#failed = new Map();
    [this.#listed, this.#kept] = [undefined, undefined];
  }

  #note(path: string, line: number, problem: string): void {
    if (this.#damage.length < MOST_DAMAGE) this.#damage.push(`${path}: line ${line} ${problem}`);
  }

  /** Reads on in a journal and takes in what can be read. */
  async #readOn<Value>(
    journal: JournalName,
    { schema, name }: RecordKind<Value>,
    add: (value: Value, at: LinePlace) => void,
    progress: (bytes: number) => void,
  ): Promise<void> {
    const { size: from, lines } = this.#read[journal];
    for await (const { number, start, length, record, problem } of journalLines(this.#paths[journal], from)) {
      const read = schema.safeParse(record);
      if (read.success) add(read.data, { start, length });
      else this.#note(`${journal}.jsonl`, lines + number, problem ?? `is not ${name}`);
      this.#readTo(journal, { start, length }, lines + number);
      if (number % 1000 === 0) progress(start - from);
    }
    this.#unsaved += this.#read[journal].size - from;
  }

  #readTo(journal: JournalName, { start, length }: LinePlace, lines: number): void {
    this.#read[journal] = { size: start + length + 1, lines, mark: "" };
  }

  #addCall(call: CallRecord, at: LinePlace): void {
    this.#table.addCall(call.index, call.persona, call, at);
    this.#tally = addCall(this.#tally, call);
    if (call.cost === null) this.#unpriced.add(call.model ?? "");
  }

  #addSynthesis(record: SynthesisRecord, at: LinePlace): void {
    const before = this.#table.get(record.index);
    if (before?.hasEnded === true && !replaces(before)) return;
    this.#table.end(indexedPersona(record, at));
    this.#tally = addLastSynthesis(this.#tally, record, this.#failed);
    this.#listed = undefined;
  }

  /**
   * Takes in a call that the driver of the run has just appended, so that it need not be read again. Lines have to be
   * told in their order; what is not told is read at the next {@link refresh}.
   */
  tookCall(call: CallRecord, at: LinePlace): Promise<void> {
    return this.#took("calls", at, () => this.#addCall(call, at));
  }

  /** The same for a persona that has ended. */
  tookSynthesis(record: SynthesisRecord, at: LinePlace): Promise<void> {
    return this.#took("syntheses", at, () => this.#addSynthesis(record, at));
  }

  async #took(journal: JournalName, at: LinePlace, add: () => void): Promise<void> {
    const { size, lines } = this.#read[journal];
    if (at.start !== size) return;
    add();
    this.#readTo(journal, at, lines + 1);
    this.#unsaved += at.length;
    if (this.#unsaved > SAVE_EVERY) await this.save();
  }

  /** Reads an index, of those that there are the one that has most, when it is one of this run. */
  async #load(): Promise<void> {
    const { file } = this.#options;
    const paths = [this.#paths.index, ...(file === undefined ? [] : [file])];
    const found = paths
      .map((path) => ({ path, parts: readParts(path) }))
      .map((each) => ({ ...each, state: each.parts.at(-1)?.head.state }))
      .sort((one, other) => (other.state?.calls.size ?? 0) - (one.state?.calls.size ?? 0));
    for (const { path, parts, state } of found) {
      if (state === undefined || !(await this.#isOfRun(state))) continue;
      try {
        loadParts(path, parts, this.#table, this.#texts);
      } catch {
        this.#forget();
        continue;
      }
      this.#takeState(state);
      this.#kept = { path, end: endOf(parts) };
      const { personas } = state;
      const isSame = (await sizeOf(this.#paths.personas)) === personas.size;
      if (isSame && (await endsHash(this.#paths.personas, personas.size)) === personas.hash)
        this.#personas = personas;
      return;
    }
  }

  async #isOfRun({ calls, syntheses }: IndexState): Promise<boolean> {
    return (
      (await endsHash(this.#paths.calls, calls.size)) === calls.mark &&
      (await endsHash(this.#paths.syntheses, syntheses.size)) === syntheses.mark
    );
  }

  #takeState({ calls, syntheses, damage, tally, unpriced, failed }: IndexState): void {
    [this.#read.calls, this.#read.syntheses, this.#damage] = [calls, syntheses, [...damage]];
    this.#tally = tally;
    this.#unpriced = new Set(unpriced);
    this.#failed = new Map(failed);
  }

  /** Keeps the index of a run that is large enough. A folder that cannot be written costs the time of another pass, and nothing else. */
  async save(): Promise<void> {
    const { drives = false, file } = this.#options;
    const path = drives ? this.#paths.index : file;
    if (path === undefined || this.#read.calls.size + this.#read.syntheses.size < CHEAP) return;
    if (this.#isSaving) return;
    this.#isSaving = true;
    this.#unsaved = 0;
    const end = drives && this.#kept?.path === path ? this.#kept.end : undefined;
    // All of one moment: what comes while the file is written is for the next part.
    const snapshot = snapshotOf(this.#table, this.#texts, end === undefined);
    const [calls, syntheses] = [this.#read.calls, this.#read.syntheses];
    const known = {
      personas: this.#personas,
      damage: [...this.#damage],
      tally: this.#tally,
      unpriced: [...this.#unpriced],
      failed: [...this.#failed],
    };
    try {
      const state: IndexState = {
        ...known,
        calls: { ...calls, mark: await endsHash(this.#paths.calls, calls.size) },
        syntheses: { ...syntheses, mark: await endsHash(this.#paths.syntheses, syntheses.size) },
      };
      const now =
        end === undefined
          ? await writeIndex(path, snapshot, state, this.#texts)
          : await appendPart(path, end, snapshot, state, this.#texts);
      this.#kept = { path, end: now };
    } catch {
      this.#kept = undefined;
    } finally {
      this.#isSaving = false;
    }
  }
}
