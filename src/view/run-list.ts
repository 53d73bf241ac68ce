import type { Thumbs } from "../annotation/verdict.ts";
import type { IndexedPersona } from "../synthesis/run-index.ts";
import type { RunListView } from "./pages/run-list.tsx";
import type { TrajectoryView } from "./pages/trajectory.tsx";
import { filterRun, type Known, PAGE_SIZE, type RunFilter } from "./run-filter.ts";

// What a filter makes of the records of a run: pure, so that a browser with the records alone does the same.

/** What a list shows of what anybody says of a trajectory. */
export interface SaidInList {
  readonly tags: readonly string[];
  readonly thumbs: readonly Thumbs[];
}

/** A persona of a run's index with what is said of it. */
export interface SaidPersona extends IndexedPersona {
  readonly said: SaidInList;
}

/** What is said of a trajectory. */
export function saidOf(id: string, { tags, thumbs }: Known): SaidInList {
  return { tags: tags?.get(id) ?? [], thumbs: thumbs?.get(id) ?? [] };
}

/** The part of a run's list that its page shows: all of it but what the filter does not change. */
export function listPart(
  entries: readonly IndexedPersona[],
  filter: RunFilter,
  known: Known,
): Pick<RunListView, "filter" | "rows" | "said" | "total"> {
  const all = filterRun(entries, filter, known);
  const from = (filter.page - 1) * PAGE_SIZE;
  const rows = all.slice(from, from + PAGE_SIZE);
  const said = Object.fromEntries(rows.map(({ id }) => [id, saidOf(id, known)]));
  return { filter, rows, said, total: all.length };
}

/** Whether a filter shows all in the order of the run, so that nothing need be looked through. */
function isWhole({ sort, isDescending, page: _page, ...rest }: RunFilter): boolean {
  return sort === "place" && !isDescending && Object.keys(rest).length === 0;
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
  filter: RunFilter,
  known: Known,
  { index }: IndexedPersona,
): Pick<TrajectoryView, "place" | "previous" | "next"> {
  const isAll = isWhole(filter);
  const list = isAll ? entries : filterRun(entries, filter, known);
  const place = isAll ? placeInOrder(list, index) : list.findIndex((entry) => entry.index === index);
  if (place < 0) return {};
  const [previous, next] = [list[place - 1]?.id, list[place + 1]?.id];
  return {
    place: { number: place + 1, of: list.length },
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  };
}
