import { THUMBS, type Thumbs } from "../annotation/verdict.ts";
import type { IndexedPersona } from "../synthesis/record.ts";
import {
  type Given,
  hasWords,
  inOrder,
  oneOf,
  orderOf,
  rowsOf,
  type Values,
  wholeFrom1,
} from "./list-filter.ts";

/** Rows of one page of a list. */
export const PERSONAS_A_PAGE = 50;
export const OUTCOMES = ["accepted", "rejected", "failed"] as const;

/** By what a list can be ordered; by the places in the run when nothing is said. */
const VALUES: Values<IndexedPersona> = {
  place: ({ index }) => index,
  turns: ({ turns }) => turns,
  errors: ({ errors }) => errors,
  calls: ({ calls }) => calls,
  actions: ({ actions }) => actions,
  objects: ({ objects }) => objects,
  tokens: ({ bought }) => bought.promptTokens + bought.completionTokens,
  cost: ({ bought }) => bought.cost ?? -1,
};

/** Bounds of a number, each of which may be left open. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Reads `3`, `2-5`, `4-` or `-2`; undefined for anything else. */
export function readRange(text = ""): Range | undefined {
  const [, least, dash, most] = /^\s*(\d*)\s*(-?)\s*(\d*)\s*$/.exec(text) ?? [];
  if (least === undefined || (least === "" && most === "")) return undefined;
  if (dash === "") return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: Number(most || Number.POSITIVE_INFINITY) };
}

function rangeOnly(text: string | undefined): string | undefined {
  return readRange(text) === undefined ? undefined : text?.trim();
}

/** The filter that an address asks for; what it does not understand is left out. */
export function readRunFilter(given: Given) {
  const { q, persona, fault, writer, tag, sort, page } = given;
  return {
    /** Searched for in the persona, the goal and the turns. */
    q,
    /** Words that the persona must have. */
    persona,
    outcome: oneOf(OUTCOMES, given.outcome),
    /** The code of a fault that was met. */
    fault,
    /** Who wrote it, in a run that several models write. */
    writer,
    calls: rangeOnly(given.calls),
    errors: rangeOnly(given.errors),
    turns: rangeOnly(given.turns),
    tag,
    thumbs: oneOf(THUMBS, given.thumbs),
    sort: orderOf(VALUES, sort),
    page: wholeFrom1(page),
  };
}

/** What a list of a run shows; what is not given leaves nothing out. */
export type RunFilter = Readonly<ReturnType<typeof readRunFilter>>;

/** What a list shows of what anybody says of a trajectory. */
export interface SaidInList {
  readonly tags: readonly string[];
  readonly thumbs: readonly Thumbs[];
}

/** What is known beside the index of a run: where a text was found, and what is said; by the personas' ids. */
export interface Known {
  readonly withText?: ReadonlySet<string>;
  readonly said: ReadonlyMap<string, SaidInList>;
}

/** A persona of a run's index with what is said of it. */
export interface SaidPersona extends IndexedPersona {
  readonly said: SaidInList;
}

/** What is said where nothing is. */
export const NOTHING_SAID: SaidInList = { tags: [], thumbs: [] };

/** Whether what is said of something is what a filter asks for. */
export function isSaid({ tags, thumbs }: SaidInList, filter: Pick<RunFilter, "tag" | "thumbs">): boolean {
  return (!filter.tag || tags.includes(filter.tag)) && (!filter.thumbs || thumbs.includes(filter.thumbs));
}

function isWithin(value: number, text: string | undefined): boolean {
  const range = readRange(text);
  return range === undefined || (value >= range.least && value <= range.most);
}

function matches(entry: IndexedPersona, filter: RunFilter, known: Known): boolean {
  const { q, persona, outcome, fault, writer } = filter;
  if (writer && entry.writers !== writer) return false;
  if (outcome && entry.outcome !== outcome) return false;
  if (fault && !entry.faults.includes(fault)) return false;
  if ((["calls", "errors", "turns"] as const).some((name) => !isWithin(entry[name], filter[name])))
    return false;
  if (persona && !hasWords(entry.persona, persona)) return false;
  if (!isSaid(known.said.get(entry.id) ?? NOTHING_SAID, filter)) return false;
  if (!q) return true;
  if (known.withText !== undefined) return known.withText.has(entry.id);
  return hasWords(`${entry.id} ${entry.persona} ${entry.goal ?? ""}`, q);
}

/** The personas that a filter lets through, in its order. Those that are equal stay in the order of the run. */
export function filterRun(
  entries: readonly IndexedPersona[],
  filter: RunFilter,
  known: Known,
): readonly IndexedPersona[] {
  const found = entries.filter((entry) => matches(entry, filter, known));
  return inOrder(found, VALUES, filter.sort);
}

/** The part of a run's list that its page shows: all of it but what the filter does not change. */
export function listPart(entries: readonly IndexedPersona[], filter: RunFilter, known: Known) {
  const all = filterRun(entries, filter, known);
  const rows = rowsOf(all, filter.page, PERSONAS_A_PAGE);
  const said = Object.fromEntries(rows.map(({ id }) => [id, known.said.get(id) ?? NOTHING_SAID]));
  return { filter, rows, said, total: all.length };
}

/** The place of a persona in a list in the order of the run; -1 when it is not there. */
function placeInOrder(list: readonly IndexedPersona[], index: number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((list[middle]?.index ?? 0) < index) from = middle + 1;
    else to = middle;
  }
  return list[from]?.index === index ? from : -1;
}

/** Where a persona stands in the list that it was opened from. */
export function placeIn(
  entries: readonly IndexedPersona[],
  { page: _page, ...filter }: RunFilter,
  known: Known,
  { index }: IndexedPersona,
) {
  // Where all stand in the order of the run, nothing need be looked through.
  const isAll = Object.values(filter).every((value) => !value);
  const list = isAll ? entries : filterRun(entries, { ...filter, page: 1 }, known);
  const at = isAll ? placeInOrder(list, index) : list.findIndex((entry) => entry.index === index);
  if (at < 0) return { place: undefined, previous: undefined, next: undefined };
  return { place: { number: at + 1, of: list.length }, previous: list[at - 1]?.id, next: list[at + 1]?.id };
}
