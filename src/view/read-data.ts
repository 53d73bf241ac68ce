import { stat } from "node:fs/promises";
import { readDataFile } from "../dataset/read-data-file.ts";
import { type DataFilter, dataListPart } from "./data-filter.ts";
import { PART_SIZE, type ShownTurn } from "./dialogue.ts";
import type { Found } from "./library.ts";
import type { DataListView, ListedRow } from "./pages/data-list.tsx";
import type { DataRowView } from "./pages/data-row.tsx";
import { dataRow } from "./read-data-row.ts";

/** Rows that a list tells of; the rest of a larger file is left to programs. */
const MOST_ROWS = 200_000;
/** Characters of a row's first words that are kept. */
const KEPT = 240;

interface Listing {
  readonly rows: readonly ListedRow[];
  readonly isWhole: boolean;
}

function wordsOf(turn: ShownTurn | undefined): string {
  const text = turn?.text ?? turn?.action ?? turn?.thought ?? "";
  return text.length <= KEPT ? text : `${text.slice(0, KEPT).toWellFormed()}…`;
}

/** The words by which a row is told from the others: its goal, else the end of its first message. */
function about(row: Exclude<ReturnType<typeof dataRow>, { readonly problem: string }>): string {
  if (row.script !== undefined) return row.script.goal;
  const [first] = row.turns;
  const goal = /\nGoal:\n([^\n]+)/.exec(first?.text ?? "")?.[1];
  return goal ?? wordsOf(first);
}

function listed(value: unknown, place: number, problem: string | undefined): ListedRow {
  const row = problem === undefined ? dataRow(value, place) : { problem };
  if (row.problem !== undefined) return { place, id: `row ${place + 1}`, problem: row.problem };
  const players = row.turns.filter(({ side }) => side === "player");
  return {
    place,
    id: row.id,
    about: about(row),
    turns: row.turns.length,
    untrained: players.filter(({ loss }) => loss === false).length,
  };
}

/** Lists of files that were read; a file that has changed is read again. */
const listings = new Map<string, { readonly stamp: string; readonly listing: Promise<Listing> }>();

async function readListing({ path, shown }: Found): Promise<Listing> {
  const rows: ListedRow[] = [];
  for await (const { value, problem } of readDataFile(path, shown)) {
    if (rows.length >= MOST_ROWS) return { rows, isWhole: false };
    rows.push(listed(value, rows.length, problem));
  }
  return { rows, isWhole: true };
}

async function listingOf(found: Found): Promise<Listing> {
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
export async function readDataList(found: Found, filter: DataFilter): Promise<DataListView> {
  const { rows, isWhole } = await listingOf(found);
  return {
    key: found.key,
    shown: found.shown,
    ...dataListPart(rows, filter),
    all: rows.length,
    unusable: rows.filter(({ problem }) => problem !== undefined).length,
    isWhole,
  };
}

/** What a file's list is made from, whatever the filter. */
export async function readDataRecords(found: Found): Promise<readonly ListedRow[]> {
  return (await listingOf(found)).rows;
}

/** A row as its page shows it; undefined when there is none at this place. */
export async function readDataRow(
  { key, shown, path }: Found,
  place: number,
  part: number,
): Promise<DataRowView | undefined> {
  let at = 0;
  for await (const { value, problem } of readDataFile(path, shown)) {
    if (at === place) {
      const row = problem === undefined ? dataRow(value, place) : { problem };
      if (row.problem !== undefined)
        return {
          key,
          shown,
          place,
          part,
          id: `row ${place + 1}`,
          problem: row.problem,
          turns: [],
          turnCount: 0,
        };
      const turns = row.turns.slice((part - 1) * PART_SIZE, part * PART_SIZE);
      const { id, persona, script } = row;
      return {
        key,
        shown,
        place,
        part,
        id,
        about: about(row),
        turns,
        turnCount: row.turns.length,
        ...(persona === undefined ? {} : { persona }),
        ...(script === undefined ? {} : { script }),
      };
    }
    at += 1;
  }
  return undefined;
}
