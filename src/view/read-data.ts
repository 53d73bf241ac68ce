import { stat } from "node:fs/promises";
import { readChatRow } from "../dataset/read-chat-row.ts";
import { readDataFile } from "../dataset/read-data-file.ts";
import { isFields, ownValue } from "../model/call.ts";
import { scriptFromWire } from "../script/wire.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { chatDialogue, PART_SIZE, type ShownTurn, trajectoryDialogue } from "./dialogue.ts";
import type { Found } from "./library.ts";
import { type Given, rowsOf } from "./list-filter.ts";
import { dataListPart } from "./pages/data-list.tsx";
import { type ShownScript, shownScript } from "./read-script.ts";

/** Rows that a list tells of; the rest of a larger file is left to programs. */
const MOST_ROWS = 200_000;
/** Characters of a row's first words that are kept. */
const KEPT = 240;

/** A row of a data file, read for showing; with a problem nothing else is there. */
interface DataRow {
  readonly id?: string;
  readonly turns?: readonly ShownTurn[];
  readonly persona?: string | undefined;
  readonly script?: ShownScript | undefined;
  readonly problem?: string | undefined;
}

function trajectoryRow(row: unknown, id: string): DataRow {
  const wire = ownValue(row, "trajectory");
  if (!Array.isArray(wire)) return { problem: "has a script and no trajectory" };
  const read = wire.map((turn, number) => turnFromWire(turn, number));
  const bad = read.findIndex(({ turn }) => turn === undefined);
  if (bad >= 0) return { problem: `has a turn ${bad} that cannot be read: ${read[bad]?.problem}` };
  const turns = read.flatMap(({ turn }) => turn ?? []);
  const persona = ownValue(row, "persona");
  const script = scriptFromWire(ownValue(row, "script"));
  return {
    id,
    turns: trajectoryDialogue(turns),
    persona: typeof persona === "string" ? persona : undefined,
    script: "goal" in script ? shownScript(script, turns) : undefined,
  };
}

/** Reads a row of any form that `export` writes as text or `mix` reads; or why there is nothing to show. */
export function dataRow(value: unknown, place: number): DataRow {
  const fallback = `row ${place + 1}`;
  if (isFields(value) && Object.hasOwn(value, "trajectory")) {
    const given = ownValue(value, "id");
    return trajectoryRow(value, typeof given === "string" ? given : fallback);
  }
  const { example, problem } = readChatRow(value, fallback);
  if (example === undefined) return { problem };
  return { id: example.id, turns: chatDialogue(example.messages) };
}

/** A row with what tells it from the others: its goal, else how its first message begins. */
function shownRow(value: unknown, unread: string | undefined, place: number) {
  const {
    id = `row ${place + 1}`,
    turns = [],
    ...row
  } = unread === undefined ? dataRow(value, place) : { problem: unread };
  const [first] = turns;
  const text = first?.text ?? first?.action ?? first?.thought ?? "";
  const begin = text.length <= KEPT ? text : `${text.slice(0, KEPT).toWellFormed()}…`;
  const { script, persona, problem }: DataRow = row;
  const goal = script?.goal ?? /\nGoal:\n([^\n]+)/.exec(text)?.[1];
  return {
    place,
    id,
    turns,
    persona,
    script,
    problem,
    about: problem === undefined ? (goal ?? begin) : undefined,
  };
}

function listed(value: unknown, at: number, unread: string | undefined) {
  const { place, id, about, problem, turns } = shownRow(value, unread, at);
  /** Answers without loss. */
  const untrained = turns.filter(({ side, loss }) => side === "player" && loss === false).length;
  return { place, id, about, problem, turns: turns.length, untrained };
}

/** A row of a data file in a list: what it is about, or why it cannot be shown. */
export type ListedRow = ReturnType<typeof listed>;

/** Lists of files that were read; a file that has changed is read again. */
const listings = new Map<
  string,
  { readonly stamp: string; readonly listing: ReturnType<typeof readListing> }
>();

async function readListing({ path, shown }: Found) {
  const rows: ListedRow[] = [];
  for await (const { value, problem } of readDataFile(path, shown)) {
    if (rows.length >= MOST_ROWS) return { rows, isWhole: false };
    rows.push(listed(value, rows.length, problem));
  }
  return { rows, isWhole: true };
}

async function listingOf(found: Found): ReturnType<typeof readListing> {
  const { size, mtimeMs } = await stat(found.path);
  const stamp = `${size} ${mtimeMs}`;
  const known = listings.get(found.path);
  if (known?.stamp === stamp) return known.listing;
  const listing = readListing(found);
  listings.set(found.path, { stamp, listing });
  listing.catch(() => listings.delete(found.path));
  return listing;
}

/** The rows of a data file, as their page shows them. */
export async function readDataList(found: Found, given: Given) {
  const { rows, isWhole } = await listingOf(found);
  return {
    key: found.key,
    shown: found.shown,
    ...dataListPart(rows, given),
    /** Rows in all, and those that cannot be shown. */
    all: rows.length,
    unusable: rows.filter(({ problem }) => problem !== undefined).length,
    /** Whether the file has no more rows than are listed. */
    isWhole,
  };
}
export type DataListView = Awaited<ReturnType<typeof readDataList>>;

/** What a file's list is made from, whatever the filter. */
export async function readDataRecords(found: Found): Promise<readonly ListedRow[]> {
  return (await listingOf(found)).rows;
}

/** A row as its page shows it, with a part of its turns; undefined when there is none at this place, from 0. */
export async function readDataRow({ key, shown, path }: Found, place: number, part: number) {
  let at = 0;
  for await (const { value, problem } of readDataFile(path, shown)) {
    if (at === place) {
      const row = shownRow(value, problem, place);
      const turns = rowsOf(row.turns, part, PART_SIZE);
      return { ...row, key, shown, part, turns, turnCount: row.turns.length };
    }
    at += 1;
  }
  return undefined;
}
export type DataRowView = NonNullable<Awaited<ReturnType<typeof readDataRow>>>;
