import { THUMBS, type Thumbs } from "../annotation/verdict.ts";
import type { IndexedPersona } from "../synthesis/run-index.ts";
import { hasWords } from "./has-words.ts";
import { type Query, wholeFrom1 } from "./link.ts";

// What a list shows, and in which order: pure functions over the records of an index, for the server and the browser.

/** By what a list can be ordered. */
const SORTS = ["place", "turns", "errors", "calls", "actions", "objects", "tokens", "cost"] as const;
type Sort = (typeof SORTS)[number];

/** Bounds of a number, each of which may be left open. */
interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** What a list of a run shows; what is not given leaves nothing out. */
export interface RunFilter {
  /** Searched for in the persona, the goal and the turns. */
  readonly text?: string;
  /** Words that the persona must have. */
  readonly persona?: string;
  readonly outcome?: IndexedPersona["outcome"];
  /** The code of a fault that was met. */
  readonly fault?: string;
  /** Who wrote it, in a run that several models write. */
  readonly writer?: string;
  readonly calls?: Range;
  readonly errors?: Range;
  readonly turns?: Range;
  readonly tag?: string;
  readonly thumbs?: Thumbs;
  readonly sort: Sort;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
}

/** Rows of one page of a list. */
export const PAGE_SIZE = 50;

/** Reads `3`, `2-5`, `4-` or `-2`; undefined for anything else. */
export function readRange(text: string | undefined): Range | undefined {
  const [, least, dash, most] = /^\s*(\d*)\s*(-?)\s*(\d*)\s*$/.exec(text ?? "") ?? [];
  if (least === undefined || (least === "" && most === "")) return undefined;
  if (dash === "") return { least: Number(least), most: Number(least) };
  return {
    ...(least === "" ? {} : { least: Number(least) }),
    ...(most === "" || most === undefined ? {} : { most: Number(most) }),
  };
}

/** A range as {@link readRange} reads it. */
export function rangeText(range: Range | undefined): string | undefined {
  if (range === undefined) return undefined;
  if (range.least === range.most) return `${range.least}`;
  return `${range.least ?? ""}-${range.most ?? ""}`;
}

/** The filter that an address asks for; what it does not understand is left out. */
export function readRunFilter(given: Readonly<Record<string, string | undefined>>): RunFilter {
  const { q, persona, fault, writer, tag, sort = "", page } = given;
  const name = SORTS.find((each) => each === sort.replace(/^-/, "")) ?? "place";
  const shown = THUMBS.find((each) => each === given.thumbs);
  const kind = (["accepted", "rejected", "failed"] as const).find((each) => each === given.outcome);
  const ranges = Object.fromEntries(
    (["calls", "errors", "turns"] as const).flatMap((key) => {
      const range = readRange(given[key]);
      return range === undefined ? [] : [[key, range]];
    }),
  );
  return {
    ...(q ? { text: q } : {}),
    ...(persona ? { persona } : {}),
    ...(kind === undefined ? {} : { outcome: kind }),
    ...(fault ? { fault } : {}),
    ...(writer ? { writer } : {}),
    ...ranges,
    ...(tag ? { tag } : {}),
    ...(shown === undefined ? {} : { thumbs: shown }),
    sort: name,
    isDescending: sort.startsWith("-"),
    page: wholeFrom1(page),
  };
}

/** What of an address gives this filter; `changes` go over it. */
export function filterQuery(filter: RunFilter, changes: Query = {}): Query {
  const { text, persona, outcome, fault, writer, calls, errors, turns } = filter;
  const { tag, thumbs, sort, isDescending, page } = filter;
  return {
    q: text,
    persona,
    outcome,
    fault,
    writer,
    calls: rangeText(calls),
    errors: rangeText(errors),
    turns: rangeText(turns),
    tag,
    thumbs,
    sort: sort === "place" && !isDescending ? undefined : `${isDescending ? "-" : ""}${sort}`,
    page: page === 1 ? undefined : page,
    ...changes,
  };
}

function isWithin(value: number, range: Range | undefined): boolean {
  return value >= (range?.least ?? 0) && value <= (range?.most ?? Number.POSITIVE_INFINITY);
}

/** What is known beside the index of a run: where a text was found, and what was tagged; by the personas' ids. */
export interface Known {
  readonly withText?: ReadonlySet<string>;
  readonly tags?: ReadonlyMap<string, readonly string[]>;
  readonly thumbs?: ReadonlyMap<string, readonly Thumbs[]>;
}

/** Whether what is said of a persona is what a filter asks for. */
function isSaid(id: string, { tag, thumbs }: RunFilter, known: Known): boolean {
  if (tag !== undefined && !(known.tags?.get(id) ?? []).includes(tag)) return false;
  return thumbs === undefined || (known.thumbs?.get(id) ?? []).includes(thumbs);
}

function matches(entry: IndexedPersona, filter: RunFilter, known: Known): boolean {
  const { text, persona, outcome, fault, writer } = filter;
  if (writer !== undefined && entry.writers !== writer) return false;
  if (outcome !== undefined && entry.outcome !== outcome) return false;
  if (fault !== undefined && !entry.faults.includes(fault)) return false;
  if (!isWithin(entry.calls, filter.calls) || !isWithin(entry.errors, filter.errors)) return false;
  if (!isWithin(entry.turns, filter.turns)) return false;
  if (persona !== undefined && !hasWords(entry.persona, persona)) return false;
  if (!isSaid(entry.id, filter, known)) return false;
  if (text === undefined) return true;
  if (known.withText !== undefined) return known.withText.has(entry.id);
  return hasWords(`${entry.id} ${entry.persona} ${entry.goal ?? ""}`, text);
}

const VALUE_OF: Readonly<Record<Sort, (entry: IndexedPersona) => number>> = {
  place: ({ index }) => index,
  turns: ({ turns }) => turns,
  errors: ({ errors }) => errors,
  calls: ({ calls }) => calls,
  actions: ({ actions }) => actions,
  objects: ({ objects }) => objects,
  tokens: ({ bought }) => bought.promptTokens + bought.completionTokens,
  cost: ({ bought }) => bought.cost ?? -1,
};

/** The personas that a filter lets through, in its order. Those that are equal stay in the order of the run. */
export function filterRun(
  entries: readonly IndexedPersona[],
  filter: RunFilter,
  known: Known = {},
): readonly IndexedPersona[] {
  const found = entries.filter((entry) => matches(entry, filter, known));
  const { sort, isDescending } = filter;
  if (sort === "place") return isDescending ? found.reverse() : found;
  const value = VALUE_OF[sort];
  return found.sort((one, other) => (isDescending ? value(other) - value(one) : value(one) - value(other)));
}
