import { defined } from "../defined.ts";
import { markOf } from "../persona/persona.ts";
import type { LinePlace } from "../runs/journal-bytes.ts";
import { PlaceMap } from "./place-map.ts";
import { type Bought, type IndexedPersona, type OutcomeKind, plainPersona } from "./record.ts";

// What is known of a persona as bytes: a row of fixed length, and a text that is read only when it is asked for. A
// hundred thousand personas are then 13 MB and some thousand objects, where as JSON they were hundreds.

const ROW = 132;
const ROWS_OF_CHUNK = 4096;

/** Where the fields of a row stand; numbers are little-endian. */
const AT = {
  index: 0, // u32
  outcome: 4, // u8, a place in OUTCOMES
  faults: 5, // u8: how many, and then their codes
  codes: 6,
  idLength: 14, // u8; LONG when the id stands in the text
  id: 15,
  calls: 32, // u16, as the next four
  turns: 34,
  errors: 36,
  actions: 38,
  objects: 40,
  places: 42, // u8: how many calls
  cost: 44, // f64, NaN when unknown
  promptTokens: 52, // u48, as the next two
  cachedTokens: 58,
  completionTokens: 64,
  record: 70, // u48 and u32
  text: 80, // u48 and u32
  call: 90, // u48 and u32, for each
  writers: 130, // u16, a place in the codes from 1; 0 where one model writes all
} as const;

const OUTCOMES: readonly (OutcomeKind | undefined)[] = [undefined, "accepted", "rejected", "failed"];
const CODES = 8;
const ID_BYTES = 16;
const LONG = 255;
/** Calls whose places are in the row; the paper's personas have no more. */
const CALLS = 4;
const PLACE = 10;
const MOST = 0xffff;

/** Where the texts of rows are kept. */
export interface Texts {
  /** Keeps a text and gives where. */
  add(bytes: Buffer): number;
  read(at: LinePlace): Buffer;
}

/** What of a persona is no number. */
interface RowText {
  readonly persona: string;
  readonly goal: string | null;
  readonly marks: string;
  /** Only what has no place in the row. */
  readonly id?: string;
  readonly faults?: readonly string[];
}

/** What a table holds beside rows and texts. */
export interface TableRest {
  /** The codes of faults and the names of writers; rows have their places in this list. */
  readonly codes: readonly string[];
  /** The calls of a persona that have no place in its row, by the persona's place. */
  readonly more: readonly (readonly [number, readonly LinePlace[]])[];
}

function placeAt(bytes: Buffer, at: number): LinePlace {
  return { start: bytes.readUIntLE(at, 6), length: bytes.readUInt32LE(at + 6) };
}

function writePlace(bytes: Buffer, at: number, { start, length }: LinePlace): void {
  bytes.writeUIntLE(start, at, 6);
  bytes.writeUInt32LE(length, at + 6);
}

/** The personas of a run that have ended or have calls. */
export class PersonaTable {
  readonly #texts: Texts;
  readonly #chunks: Buffer[] = [];
  readonly #slots = new PlaceMap();
  readonly #codes: string[] = [];
  readonly #more = new Map<number, LinePlace[]>();
  readonly #changed = new Set<number>();
  /** The slots by the marks of ids, of as many rows as there were when one was last asked for by its id. */
  readonly #slotsByMark = new Map<number, number>();
  #marked = 0;
  #ended = 0;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** How many have a row, and how many of these have ended. */
  get size(): number {
    return this.#slots.size;
  }
  get ended(): number {
    return this.#ended;
  }

  /** Those that have ended, in the order of the run. */
  entries(): readonly PersonaRow[] {
    const rows = this.#rows();
    return this.#ended === rows.length ? rows : rows.filter(({ hasEnded }) => hasEnded);
  }

  /** The places of the personas that have calls and have not ended. */
  underWay(): readonly number[] {
    if (this.#ended === this.size) return [];
    return this.#rows().flatMap(({ hasEnded, index }) => (hasEnded ? [] : [index]));
  }

  #rows(): readonly PersonaRow[] {
    // Numbers are sorted rather than rows, which would be read again and again.
    const order = new Float64Array(this.size);
    for (let slot = 0; slot < order.length; slot += 1) order[slot] = this.#viewOf(slot).index;
    const rows: PersonaRow[] = [];
    for (const index of order.sort()) rows.push(this.#viewOf(this.#slots.get(index) ?? 0));
    return rows;
  }

  /** What is known of the persona at a place of the run. */
  get(index: number): PersonaRow | undefined {
    const slot = this.#slots.get(index);
    return slot === undefined ? undefined : this.#viewOf(slot);
  }

  /** The persona that has ended and has this id, else one whose id begins so. */
  find(id: string): PersonaRow | undefined {
    for (; this.#marked < this.size; this.#marked += 1)
      this.#slotsByMark.set(markOf(this.#viewOf(this.#marked).id), this.#marked);
    const slot = this.#slotsByMark.get(markOf(id));
    const row = slot === undefined ? undefined : this.#viewOf(slot);
    if (row?.id === id && row.hasEnded) return row;
    return this.entries().find((each) => each.id.startsWith(id));
  }

  #chunkOf(slot: number): Buffer {
    const chunk = this.#chunks[Math.floor(slot / ROWS_OF_CHUNK)];
    if (chunk === undefined) throw new RangeError(`there is no row ${slot}`);
    return chunk;
  }

  #viewOf(slot: number): PersonaRow {
    return new PersonaRow(this, this.#chunkOf(slot), (slot % ROWS_OF_CHUNK) * ROW);
  }

  #rowAt(slot: number): Buffer {
    const from = (slot % ROWS_OF_CHUNK) * ROW;
    return this.#chunkOf(slot).subarray(from, from + ROW);
  }

  textAt(row: Buffer): RowText {
    const { start, length } = placeAt(row, AT.text);
    if (length === 0) return { persona: "", goal: null, marks: "" };
    const [persona, goal, marks, id, faults]: [string, string | null, string, string?, string[]?] =
      JSON.parse(this.#texts.read({ start, length }).toString("utf8"));
    return {
      persona,
      goal,
      marks,
      ...(id ? { id } : {}),
      ...defined({ faults }),
    };
  }

  codeAt(place: number): string {
    return this.#codes[place] ?? "";
  }

  /** The calls of a persona that its row has no place for. */
  moreOf(index: number): readonly LinePlace[] {
    return this.#more.get(index) ?? [];
  }

  /** Takes in what is known of a call. */
  addCall(
    index: number,
    id: string,
    { usage, cost }: { readonly usage: Omit<Bought, "places" | "cost">; readonly cost: number | null },
    at: LinePlace,
  ): void {
    const row = this.#rowFor(index, id);
    for (const name of ["promptTokens", "cachedTokens", "completionTokens"] as const)
      row.writeUIntLE(row.readUIntLE(AT[name], 6) + usage[name], AT[name], 6);
    row.writeDoubleLE(row.readDoubleLE(AT.cost) + (cost ?? Number.NaN), AT.cost);
    const places = row[AT.places] ?? 0;
    if (places < CALLS) {
      writePlace(row, AT.call + places * PLACE, at);
      row[AT.places] = places + 1;
    } else this.#more.set(index, [...this.moreOf(index), at]);
  }

  /** Takes in how a persona ended; what is known of its calls stays. */
  end(entry: Omit<IndexedPersona, "bought">): void {
    const row = this.#rowFor(entry.index, entry.id);
    if (row[AT.outcome] === 0) this.#ended += 1;
    row[AT.outcome] = OUTCOMES.indexOf(entry.outcome);
    for (const name of ["calls", "turns", "errors", "actions", "objects"] as const)
      row.writeUInt16LE(Math.min(MOST, entry[name]), AT[name]);
    writePlace(row, AT.record, entry.record);
    row.writeUInt16LE(entry.writers === undefined ? 0 : 1 + this.#placeOf(entry.writers), AT.writers);
    const codes = entry.faults.map((code) => this.#placeOf(code));
    const isLong = codes.length > CODES || codes.some((place) => place > 255);
    row[AT.faults] = isLong ? LONG : codes.length;
    if (!isLong) row.set(codes, AT.codes);
    this.#keepText(row, entry.id, entry, isLong ? entry.faults : undefined);
  }

  #keepText(
    row: Buffer,
    id: string,
    { persona, goal, marks }: RowText,
    faults?: readonly string[] | undefined,
  ): void {
    const text = JSON.stringify([persona, goal, marks, row[AT.idLength] === LONG ? id : "", faults]);
    const bytes = Buffer.from(text);
    writePlace(row, AT.text, { start: this.#texts.add(bytes), length: bytes.length });
  }

  #placeOf(code: string): number {
    const place = this.#codes.indexOf(code);
    return place === -1 ? this.#codes.push(code) - 1 : place;
  }

  #rowFor(index: number, id: string): Buffer {
    const known = this.#slots.get(index);
    if (known !== undefined) {
      this.#changed.add(known);
      return this.#rowAt(known);
    }
    const slot = this.#newSlot(index);
    this.#changed.add(slot);
    const row = this.#rowAt(slot);
    row.writeUInt32LE(index, AT.index);
    const bytes = Buffer.from(id);
    if (bytes.length <= ID_BYTES) {
      row[AT.idLength] = bytes.length;
      bytes.copy(row, AT.id);
    } else {
      row[AT.idLength] = LONG;
      this.#keepText(row, id, { persona: "", goal: null, marks: "" });
    }
    return row;
  }

  #newSlot(index: number): number {
    const slot = this.#slots.size;
    if (slot % ROWS_OF_CHUNK === 0) this.#chunks.push(Buffer.alloc(ROWS_OF_CHUNK * ROW));
    this.#slots.set(index, slot);
    return slot;
  }

  /** The rows that were changed since this was asked last, one after the other. */
  takeChanged(): Buffer {
    const rows = Buffer.concat([...this.#changed].map((slot) => this.#rowAt(slot)));
    this.#changed.clear();
    return rows;
  }

  /** Asks for all rows the next time that {@link takeChanged} is asked. */
  markAll(): void {
    for (let slot = 0; slot < this.size; slot += 1) this.#changed.add(slot);
  }

  /** Takes in rows that {@link takeChanged} gave. */
  putRows(rows: Buffer): void {
    // Those that follow each other in the table are copied together: mostly a chunk of them.
    let [first, to] = [0, 0];
    for (let from = 0; from + ROW <= rows.length; from += ROW) {
      const index = rows.readUInt32LE(from + AT.index);
      const slot = this.#slots.get(index) ?? this.#newSlot(index);
      this.#ended += Number(rows[from + AT.outcome] !== 0) - Number(this.#viewOf(slot).hasEnded);
      if (slot % ROWS_OF_CHUNK !== 0 && slot === to + (from - first) / ROW) continue;
      this.#copy(rows.subarray(first, from), to);
      [first, to] = [from, slot];
    }
    this.#copy(rows.subarray(first, rows.length - (rows.length % ROW)), to);
  }

  /** Copies rows to a slot and those after it, of one chunk. */
  #copy(rows: Buffer, slot: number): void {
    if (rows.length > 0) rows.copy(this.#chunkOf(slot), (slot % ROWS_OF_CHUNK) * ROW);
  }

  get rest(): TableRest {
    return { codes: [...this.#codes], more: [...this.#more] };
  }

  putRest({ codes, more }: TableRest): void {
    this.#codes.splice(0, Number.POSITIVE_INFINITY, ...codes);
    for (const [index, places] of more) this.#more.set(index, [...places]);
  }
}

/** A row, read where it is asked. */
export class PersonaRow implements IndexedPersona {
  readonly #table: PersonaTable;
  /** The rows among which it stands, and where: what is asked of all rows is read there without a view of one. */
  readonly #rows: Buffer;
  readonly #from: number;

  constructor(table: PersonaTable, rows: Buffer, from: number) {
    this.#table = table;
    this.#rows = rows;
    this.#from = from;
  }

  get #row(): Buffer {
    return this.#rows.subarray(this.#from, this.#from + ROW);
  }

  get index(): number {
    return this.#rows.readUInt32LE(this.#from + AT.index);
  }

  get id(): string {
    const length = this.#rows[this.#from + AT.idLength] ?? 0;
    if (length === LONG) return this.#table.textAt(this.#row).id ?? "";
    const at = this.#from + AT.id;
    return this.#rows.toString("utf8", at, at + length);
  }

  get hasEnded(): boolean {
    return this.#rows[this.#from + AT.outcome] !== 0;
  }

  /** Of one that has not ended, that it failed to. */
  get outcome(): OutcomeKind {
    return OUTCOMES[this.#rows[this.#from + AT.outcome] ?? 0] ?? "failed";
  }

  get persona(): string {
    return this.#table.textAt(this.#row).persona;
  }
  get goal(): string | null {
    return this.#table.textAt(this.#row).goal;
  }
  get marks(): string {
    return this.#table.textAt(this.#row).marks;
  }

  get faults(): readonly string[] {
    const row = this.#row;
    const count = row[AT.faults] ?? 0;
    if (count === LONG) return this.#table.textAt(row).faults ?? [];
    return Array.from(row.subarray(AT.codes, AT.codes + count), (place) => this.#table.codeAt(place));
  }

  get writers(): string | undefined {
    const place = this.#row.readUInt16LE(AT.writers);
    return place === 0 ? undefined : this.#table.codeAt(place - 1);
  }

  get calls(): number {
    return this.#row.readUInt16LE(AT.calls);
  }
  get turns(): number {
    return this.#row.readUInt16LE(AT.turns);
  }
  get errors(): number {
    return this.#row.readUInt16LE(AT.errors);
  }
  get actions(): number {
    return this.#row.readUInt16LE(AT.actions);
  }
  get objects(): number {
    return this.#row.readUInt16LE(AT.objects);
  }
  get record(): LinePlace {
    return placeAt(this.#row, AT.record);
  }

  get bought(): Bought {
    const row = this.#row;
    const cost = row.readDoubleLE(AT.cost);
    const count = row[AT.places] ?? 0;
    const places = Array.from({ length: count }, (_, call) => placeAt(row, AT.call + call * PLACE));
    return {
      places: [...places, ...this.#table.moreOf(this.index)],
      promptTokens: row.readUIntLE(AT.promptTokens, 6),
      cachedTokens: row.readUIntLE(AT.cachedTokens, 6),
      completionTokens: row.readUIntLE(AT.completionTokens, 6),
      cost: Number.isNaN(cost) ? null : cost,
    };
  }

  /** Pages are packed as JSON, which leaves out what an object has from its class. */
  toJSON(): IndexedPersona {
    return plainPersona(this);
  }
}
