import { open } from "node:fs/promises";
import type { IndexedRun } from "../synthesis/indexed-run.ts";
import { lineAt, storedTrajectory } from "../synthesis/read-run.ts";
import { type SynthesisRecord, synthesisRecordSchema } from "../synthesis/record.ts";
import type { IndexedPersona } from "../synthesis/run-index.ts";
import { explain } from "../synthesis/synthesis.ts";
import { trajectoryDialogue } from "./dialogue.ts";
import type { Found } from "./library.ts";
import type { RunListView } from "./pages/run-list.tsx";
import type { TrajectoryView } from "./pages/trajectory.tsx";
import { shownScript } from "./read-script.ts";
import { filterQuery, filterRun, PAGE_SIZE, type RunFilter } from "./run-filter.ts";

/** The list of a run, as its page shows it. */
export function readRunList({ key, shown }: Found, run: IndexedRun, filter: RunFilter): RunListView {
  const all = filterRun(run.entries, filter);
  const from = (filter.page - 1) * PAGE_SIZE;
  const faults = new Set(run.entries.flatMap((entry) => entry.faults));
  return {
    key,
    shown,
    filter,
    rows: all.slice(from, from + PAGE_SIZE),
    total: all.length,
    faults: [...faults].sort(),
    damage: run.damage,
  };
}

/** The record of a persona, by its place. */
async function recordOf(path: string, entry: IndexedPersona): Promise<SynthesisRecord> {
  await using file = await open(path);
  return synthesisRecordSchema.parse(JSON.parse(await lineAt(file, entry.record)));
}

/** A persona with what came of it, as its page shows it; undefined when the run has none whose id begins so. */
export async function readTrajectory(
  { key, shown, folder }: Found,
  run: IndexedRun,
  id: string,
  filter: RunFilter,
): Promise<TrajectoryView | undefined> {
  const entry =
    run.entries.find((each) => each.id === id) ?? run.entries.find((each) => each.id.startsWith(id));
  if (entry === undefined || folder === undefined) return undefined;
  const record = await recordOf(folder.paths.syntheses, entry);
  const trajectory = storedTrajectory(record);
  const listed = filterRun(run.entries, filter);
  const place = listed.indexOf(entry);
  const [previous, next] = place < 0 ? [] : [listed[place - 1]?.id, listed[place + 1]?.id];
  const last = record.faults.at(-1);
  const why = record.outcome === "rejected" && last !== undefined ? explain(last) : record.reason;
  return {
    key,
    shown,
    entry,
    persona: record.persona,
    turns: trajectoryDialogue(trajectory?.turns ?? []),
    ...(trajectory === undefined ? {} : { script: shownScript(trajectory.script, trajectory.turns) }),
    ...(record.outcome === "accepted" || why === undefined ? {} : { why }),
    query: filterQuery(filter, { page: undefined }),
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  };
}
