import { stat } from "node:fs/promises";
import { type JsonRow, readDataFile } from "../dataset/read-data-file.ts";
import { ownValue } from "../model/call.ts";
import { readDataRow } from "../report/data-rows.ts";
import { chatDialogue, PART_SIZE, trajectoryDialogue } from "./dialogue.ts";
import type { Found } from "./library.ts";
import { type Given, rowsOf } from "./list-filter.ts";
import { dataListPart } from "./pages/data-list.tsx";
import { shownScript } from "./read-script.ts";

/** Rows that a list tells of; the rest of a larger file is left to programs. */
const MOST_ROWS = 200_000;
/** Characters of a row's first words that are kept. */
const KEPT = 240;

/** A row of a data file by its place, from 0, read for showing; with a problem nothing else is there. */
export function shownRow(row: JsonRow, place: number) {
  const read = readDataRow(row, `row ${place + 1}`);
  if (read.kind === undefined) return { id: `row ${place + 1}`, place, turns: [], problem: read.problem };
  if (read.kind === "conversations") {
    const turns = chatDialogue(read.example.messages);
    // Its goal, else how its first message begins.
    const [first] = turns;
    const text = first?.text ?? first?.action ?? first?.thought ?? "";
    const begin = text.length <= KEPT ? text : `${text.slice(0, KEPT).toWellFormed()}…`;
    return { id: read.example.id, place, turns, about: /\nGoal:\n([^\n]+)/.exec(text)?.[1] ?? begin };
  }
  const { script, turns } = read.trajectory;
  const persona = ownValue(row.value, "persona");
  return {
    id: read.id,
    place,
    turns: trajectoryDialogue(turns),
    about: script.goal,
    script: shownScript(script, turns),
    persona: typeof persona === "string" ? persona : undefined,
  };
}

function listed(row: JsonRow, at: number) {
  const { place, id, about, problem, turns } = shownRow(row, at);
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
  for await (const row of readDataFile(path, shown)) {
    if (rows.length >= MOST_ROWS) return { rows, isWhole: false };
    rows.push(listed(row, rows.length));
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
export async function readShownRow({ key, shown, path }: Found, place: number, part: number) {
  let at = 0;
  for await (const each of readDataFile(path, shown)) {
    if (at === place) {
      const row = shownRow(each, place);
      const turns = rowsOf(row.turns, part, PART_SIZE);
      return { ...row, key, shown, part, turns, turnCount: row.turns.length };
    }
    at += 1;
  }
  return undefined;
}
export type DataRowView = NonNullable<Awaited<ReturnType<typeof readShownRow>>>;
