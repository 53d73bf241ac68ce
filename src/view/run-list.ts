import type { IndexedPersona } from "../synthesis/run-index.ts";
import type { RunListView } from "./pages/run-list.tsx";
import type { TrajectoryView } from "./pages/trajectory.tsx";
import { filterRun, type Known, PAGE_SIZE, type RunFilter } from "./run-filter.ts";

// What a filter makes of the records of a run: pure, so that a browser with the records alone does the same.

/** A persona of a run's index with what people have tagged it. */
export interface TaggedPersona extends IndexedPersona {
  readonly tags: readonly string[];
}

/** The part of a run's list that its page shows: all of it but what the filter does not change. */
export function listPart(
  entries: readonly IndexedPersona[],
  filter: RunFilter,
  known: Known,
): Pick<RunListView, "filter" | "rows" | "total"> {
  const all = filterRun(entries, filter, known);
  const from = (filter.page - 1) * PAGE_SIZE;
  return { filter, rows: all.slice(from, from + PAGE_SIZE), total: all.length };
}

/** Where a persona stands in the list that it was opened from. */
export function placeIn(
  entries: readonly IndexedPersona[],
  filter: RunFilter,
  known: Known,
  id: string,
): Pick<TrajectoryView, "place" | "previous" | "next"> {
  const list = filterRun(entries, filter, known);
  const place = list.findIndex((entry) => entry.id === id);
  if (place < 0) return {};
  const [previous, next] = [list[place - 1]?.id, list[place + 1]?.id];
  return {
    place: { number: place + 1, of: list.length },
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  };
}
