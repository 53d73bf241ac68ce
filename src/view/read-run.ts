import { type Annotations, readAnnotations, skippedWords } from "../annotation/annotation-file.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import type { Script } from "../script/script.ts";
import { scriptFromWire } from "../script/wire.ts";
import type { IndexedRun } from "../synthesis/indexed-run.ts";
import { lineAt, openLines } from "../synthesis/read-run.ts";
import { type SynthesisRecord, synthesisRecordSchema } from "../synthesis/record.ts";
import { type IndexedPersona, plainPersona } from "../synthesis/run-index.ts";
import { searchRun } from "../synthesis/search-run.ts";
import { explain } from "../synthesis/synthesis.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { turnFromWire } from "../trajectory/wire.ts";
import { PART_SIZE, type ShownTurn, trajectoryDialogue } from "./dialogue.ts";
import type { Found } from "./library.ts";
import { link } from "./link.ts";
import type { CallView } from "./pages/call.tsx";
import type { RunListView } from "./pages/run-list.tsx";
import type { TrajectoryView } from "./pages/trajectory.tsx";
import { type Annotating, annotationsView, knownAnnotations, tagsOf } from "./read-annotations.ts";
import { callSummary, readCalls, type ShownCalls } from "./read-calls.ts";
import { shownScript } from "./read-script.ts";
import { filterQuery, type Known, type RunFilter } from "./run-filter.ts";
import { listPart, placeIn, type SaidPersona, saidOf } from "./run-list.ts";

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
  { text }: RunFilter,
  annotations: Annotations,
): Promise<Known> {
  const said = knownAnnotations(annotations);
  if (text === undefined) return said;
  const key = `${run.version} ${text}`;
  const last = searches.get(run);
  const ids = last?.key === key ? last.ids : searchRun(folder.paths, run.entries, text);
  searches.set(run, { key, ids });
  return { ...said, withText: await ids };
}

/** The list of a run, as its page shows it. */
export async function readRunList(open: OpenRun, filter: RunFilter): Promise<RunListView> {
  const { found, folder, run } = open;
  const annotations = await readAnnotations(folder.directory);
  const known = await knownFor(open, filter, annotations);
  const faults = new Set(run.entries.flatMap((entry) => entry.faults));
  const part = listPart(run.entries, filter, known);
  return {
    key: found.key,
    shown: found.shown,
    ...part,
    // A view is written into packed pages, and rows of the index have nothing of their own to write.
    rows: part.rows.map(plainPersona),
    ended: run.entries.length,
    faults: [...faults].sort(),
    writers: Object.keys(run.tally.writers ?? {}).sort(),
    tags: tagsOf(annotations),
    hasThumbs: [...annotations.of.values()].flat().some(({ kind }) => kind === "thumbs"),
    damage: [...run.damage, ...annotations.skipped.map((line) => skippedWords(folder.directory, line))],
  };
}

/** What a run's list is made from, whatever the filter. */
export async function readRecords({ folder, run }: OpenRun): Promise<readonly SaidPersona[]> {
  const known = knownAnnotations(await readAnnotations(folder.directory));
  return run.entries.map((entry) => ({ ...plainPersona(entry), said: saidOf(entry.id, known) }));
}

/** The record of a persona, by its place. */
async function readRecord({ folder }: OpenRun, entry: IndexedPersona): Promise<SynthesisRecord> {
  await using journal = await openLines(folder.paths.syntheses);
  return synthesisRecordSchema.parse(JSON.parse(await lineAt(journal, entry.record)));
}

/** What the last call of a rejected persona wrote at its fault, as the turn that it was to be. */
function faultyTurn(turns: number, { answered }: ShownCalls): readonly ShownTurn[] {
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

/** What of a record can be read, also of one that somebody changed. */
interface ReadableRecord {
  readonly script: Script | undefined;
  readonly turns: readonly Turn[];
  /** What comes after them and is no turn. */
  readonly unreadable: readonly ShownTurn[];
}

function readable({ script: wire, trajectory = [] }: SynthesisRecord): ReadableRecord {
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
  { turns, unreadable }: ReadableRecord,
  calls: ShownCalls,
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
): Promise<TrajectoryView> {
  const { found, folder } = open;
  const query = filterQuery(filter, { page: undefined });
  const annotations = await readAnnotations(folder.directory);
  const record = await readRecord(open, entry);
  const read = readable(record);
  const calls = await readCalls(folder, entry, record.persona);
  const turns = dialogueOf(entry, read, calls);
  const last = record.faults.at(-1);
  const why = record.outcome === "rejected" && last !== undefined ? explain(last) : record.reason;
  return {
    key: found.key,
    shown: found.shown,
    entry: plainPersona(entry),
    persona: record.persona,
    turns: turns.slice((part - 1) * PART_SIZE, part * PART_SIZE),
    part,
    turnCount: turns.length,
    calls: { ...calls, answered: calls.answered.map(callSummary) },
    ...(read.script === undefined ? {} : { script: shownScript(read.script, read.turns) }),
    ...(record.outcome === "accepted" || why === undefined ? {} : { why }),
    query,
    annotations: annotationsView(annotations, entry.id, {
      ...annotating,
      folder: folder.directory,
      action: link(["run", found.key, entry.id, "annotations"], {
        ...query,
        part: part === 1 ? undefined : part,
      }),
    }),
    ...placeIn(open.run.entries, filter, await knownFor(open, filter, annotations), entry),
  };
}

/** One call of a persona, as its page shows it; undefined when it has no such call. */
export async function readCall(
  open: OpenRun,
  entry: IndexedPersona,
  number: number,
  filter: RunFilter,
): Promise<CallView | undefined> {
  const { found, folder } = open;
  const { persona } = await readRecord(open, entry);
  const { answered } = await readCalls(folder, entry, persona);
  const call = answered.find((each) => each.call === number);
  if (call === undefined) return undefined;
  const query = filterQuery(filter, { page: undefined });
  return { key: found.key, shown: found.shown, id: entry.id, call, calls: answered.length, query };
}

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
