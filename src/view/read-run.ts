import { readAnnotations } from "../annotation/annotation-file.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { IndexedRun } from "../synthesis/indexed-run.ts";
import { lineAt, openLines } from "../synthesis/read-run.ts";
import {
  type IndexedPersona,
  plainPersona,
  type SynthesisRecord,
  synthesisRecordSchema,
} from "../synthesis/record.ts";
import { searchRun } from "../synthesis/search-run.ts";
import { explain } from "../synthesis/synthesis.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { PART_SIZE, type ShownTurn, trajectoryDialogue } from "./dialogue.ts";
import type { Found } from "./library.ts";
import { link } from "./link.ts";
import { rowsOf } from "./list-filter.ts";
import { type Annotating, annotationsView, saidInLists } from "./read-annotations.ts";
import { callSummary, readCalls } from "./read-calls.ts";
import { shownScript } from "./read-script.ts";
import {
  type Known,
  listPart,
  NOTHING_SAID,
  placeIn,
  type RunFilter,
  type SaidInList,
  type SaidPersona,
} from "./run-filter.ts";

/** A run of `generate` that was found and opened. */
export interface OpenRun {
  readonly found: Found;
  readonly folder: RunFolder;
  readonly run: IndexedRun;
}

/** The last search of each run: going through its results asks for the same again and again. */
const searches = new WeakMap<
  IndexedRun,
  { readonly key: string; readonly ids: Promise<ReadonlySet<string>> }
>();

/** What must be known of a run beside its index for a filter. */
async function knownFor(
  { folder, run }: OpenRun,
  { q }: RunFilter,
  said: ReadonlyMap<string, SaidInList>,
): Promise<Known> {
  if (!q) return { said };
  const key = `${run.version} ${q}`;
  const last = searches.get(run);
  const ids = last?.key === key ? last.ids : searchRun(folder.paths, run.entries, q);
  searches.set(run, { key, ids });
  return { said, withText: await ids };
}

/** The list of a run, as its page shows it. */
export async function readRunList(open: OpenRun, filter: RunFilter) {
  const { found, folder, run } = open;
  const annotations = await readAnnotations(folder.directory);
  const { said, ...inUse } = saidInLists(annotations, folder.directory);
  const part = listPart(run.entries, filter, await knownFor(open, filter, said));
  // A view is written into packed pages, and rows of the index have nothing of their own to write.
  const rows: readonly IndexedPersona[] = part.rows.map(plainPersona);
  return {
    key: found.key,
    shown: found.shown,
    ...part,
    rows,
    /** The codes of faults that were met, for choosing. */
    faults: [...new Set(run.entries.flatMap((entry) => entry.faults))].sort(),
    /** Who wrote it, where several models did. */
    writers: Object.keys(run.tally.writers ?? {}).sort(),
    ...inUse,
    damage: [...run.damage, ...inUse.damage],
  };
}
export type RunListView = Awaited<ReturnType<typeof readRunList>>;

/** What a run's list is made from, whatever the filter. */
export async function readRecords({ folder, run }: OpenRun): Promise<readonly SaidPersona[]> {
  const { said } = saidInLists(await readAnnotations(folder.directory), folder.directory);
  return run.entries.map((entry) => ({ ...plainPersona(entry), said: said.get(entry.id) ?? NOTHING_SAID }));
}

/** The record of a persona, by its place. */
async function readRecord({ folder }: OpenRun, entry: IndexedPersona): Promise<SynthesisRecord> {
  await using journal = await openLines(folder.paths.syntheses);
  return synthesisRecordSchema.parse(JSON.parse(await lineAt(journal, entry.record)));
}

type Calls = Awaited<ReturnType<typeof readCalls>>;

/** What the last call of a rejected persona wrote at its fault, as the turn that it was to be. */
function faultyTurn(turns: number, { answered }: Calls): readonly ShownTurn[] {
  const last = answered.at(-1);
  if (last === undefined || last.fault === null) return [];
  const text = last.faulty === "" ? last.good.slice(-1000) : last.faulty;
  const isScript = last.purpose === "script";
  return [
    {
      number: turns,
      side: turns % 2 === 0 ? "world" : "player",
      speaker: isScript ? "script" : "what came next",
      marks: ["faulty"],
      notes: [`call ${last.call}, ${last.ending}`],
      text: text === "" ? "(nothing)" : text,
    },
  ];
}

/** What of a record can be read, also of one that somebody changed, and what comes after its turns and is none. */
function readable({ script: wire, trajectory = [] }: SynthesisRecord) {
  const script = wire === undefined ? undefined : scriptFromWire(wire);
  const read = trajectory.map((turn, number) => turnFromWire(turn, number));
  const bad = read.findIndex(({ problem }) => problem !== undefined);
  const turns = read.slice(0, bad < 0 ? read.length : bad).flatMap(({ turn }) => turn ?? []);
  const unreadable = trajectory.slice(turns.length).map(
    (value, place): ShownTurn => ({
      number: turns.length + place,
      side: (turns.length + place) % 2 === 0 ? "world" : "player",
      speaker: "no turn",
      marks: ["malformed"],
      notes: [read[turns.length + place]?.problem ?? "behind one that cannot be read"],
      text: JSON.stringify(value),
    }),
  );
  return { script: script !== undefined && "goal" in script ? script : undefined, turns, unreadable };
}

function dialogueOf(
  { outcome }: IndexedPersona,
  { turns, unreadable }: ReturnType<typeof readable>,
  calls: Calls,
): readonly ShownTurn[] {
  const shown = [...trajectoryDialogue(turns), ...unreadable];
  return outcome === "rejected" ? [...shown, ...faultyTurn(shown.length, calls)] : shown;
}

/** A persona with what came of it, as its page shows it. */
export async function readTrajectory(
  open: OpenRun,
  entry: IndexedPersona,
  filter: RunFilter,
  part: number,
  annotating?: Annotating,
) {
  const { found, folder } = open;
  const query = { ...filter, page: undefined };
  const annotations = await readAnnotations(folder.directory);
  const record = await readRecord(open, entry);
  const read = readable(record);
  const calls = await readCalls(folder, entry, record.persona);
  const turns = dialogueOf(entry, read, calls);
  const last = record.faults.at(-1);
  const why = record.outcome === "rejected" && last !== undefined ? explain(last) : record.reason;
  const { said } = saidInLists(annotations, folder.directory);
  return {
    key: found.key,
    shown: found.shown,
    entry: plainPersona(entry),
    persona: record.persona,
    /** The turns of this part of the dialogue; the last of a rejected one may be what was faulty. */
    turns: rowsOf(turns, part, PART_SIZE),
    part,
    turnCount: turns.length,
    calls: { ...calls, answered: calls.answered.map(callSummary) },
    /** Undefined when no script was verified. */
    script: read.script && shownScript(read.script, read.turns),
    /** Why it was rejected or failed, in words. */
    why: record.outcome === "accepted" ? undefined : why,
    /** What of the list is kept in addresses. */
    query,
    annotations: annotationsView(annotations, entry.id, {
      ...annotating,
      folder: folder.directory,
      action: link(["run", found.key, entry.id, "annotations"], { ...query, part }),
    }),
    ...placeIn(open.run.entries, filter, await knownFor(open, filter, said), entry),
  };
}
export type TrajectoryView = Awaited<ReturnType<typeof readTrajectory>>;

/** One call of a persona, as its page shows it; undefined when it has no such call. */
export async function readCall(open: OpenRun, entry: IndexedPersona, number: number, filter: RunFilter) {
  const { found, folder } = open;
  const { persona } = await readRecord(open, entry);
  const { answered } = await readCalls(folder, entry, persona);
  const call = answered.find((each) => each.call === number);
  if (call === undefined) return undefined;
  const query = { ...filter, page: undefined };
  return { key: found.key, shown: found.shown, id: entry.id, call, calls: answered.length, query };
}
export type CallView = NonNullable<Awaited<ReturnType<typeof readCall>>>;

/** A turn as a text, however long. */
export async function readTurn(
  open: OpenRun,
  entry: IndexedPersona,
  number: number,
): Promise<string | undefined> {
  const record = await readRecord(open, entry);
  const calls = await readCalls(open.folder, entry, record.persona);
  const turn = dialogueOf(entry, readable(record), calls).find((each) => each.number === number);
  if (turn === undefined) return undefined;
  return [turn.thought, turn.action, turn.text, ...(turn.folded ?? []).map(({ text }) => text)]
    .filter((text) => text !== undefined)
    .join("\n\n");
}
