import { readAnnotations, skippedWords } from "../../annotation/annotation-file.ts";
import { annotationFilter, selectsAll } from "../../annotation/condition.ts";
import { readWaiting } from "../../batch/standing.ts";
import type { ShowFlags } from "../../config/flags.ts";
import { counted, dollars, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { recordsAt, storedTrajectory } from "../../synthesis/read-run.ts";
import {
  digitsOf,
  faultCode,
  type IndexedPersona,
  type OutcomeKind,
  type SynthesisRecord,
} from "../../synthesis/record.ts";
import { showsError } from "../../trajectory/trajectory.ts";
import { openIndexed, tellDamage } from "../run/indexed.ts";
import type { Host } from "../terminal/host.ts";
import { type Alignment, cut, tableLines } from "../terminal/table.ts";
import { type Paint, paintFor, tell } from "../terminal/text.ts";

/** One line of the list. */
interface Listed {
  readonly id: string;
  readonly persona: string;
  readonly outcome: OutcomeKind;
  readonly calls: number;
  readonly turns: number;
  readonly errors: number;
  /** Dollars for its calls; null when it is not known. */
  readonly cost: number | null;
  /** The script's; null where there is none. */
  readonly goal: string | null;
  /** The code of the last fault; null when there was none. */
  readonly fault: string | null;
  /** Why the persona failed; null when it did not. */
  readonly reason: string | null;
}

const LIMIT = 20;
const COLOURS = { accepted: "green", rejected: "yellow", failed: "red" } as const;

function listed(record: SynthesisRecord, { bought }: IndexedPersona): Listed {
  const trajectory = storedTrajectory(record);
  const turns = trajectory?.turns ?? [];
  const last = record.faults.at(-1);
  return {
    id: record.id,
    persona: record.persona,
    outcome: record.outcome,
    calls: record.calls,
    turns: turns.length,
    errors: turns.filter((turn) => turn.role === "DM" && showsError(turn)).length,
    cost: bought.cost,
    goal: trajectory?.script.goal ?? null,
    fault: last === undefined ? null : faultCode(last),
    reason: record.reason ?? null,
  };
}

const COLUMNS = ["id", "outcome", "calls", "turns", "errors", "cost", "last fault", "persona"];
const COST_COLUMN = COLUMNS.indexOf("cost");
const ALIGNMENT: readonly Alignment[] = ["left", "left", "right", "right", "right", "right", "left", "left"];

/** A table as wide as the terminal at most; what is piped is not cut. Its last column is as wide as there is room. */
function listLines(
  rows: readonly (readonly string[])[],
  alignment: readonly Alignment[],
  { stdout }: Host,
  paintRow: (line: string, place: number) => string,
): readonly string[] {
  return tableLines(rows, alignment)
    .map((line) => (stdout.isTTY ? cut(line, stdout.columns) : line))
    .map(paintRow);
}

/** Says how much of a list was not shown and how to see it. */
export function moreWords(
  matching: number,
  shown: number,
  { page = 1, limit = LIMIT }: ShowFlags,
): string | undefined {
  const rest = matching - shown - (page - 1) * limit;
  return rest > 0 ? `and ${wholeNumber(rest)} more: --page ${page + 1}, or a larger --limit` : undefined;
}

/** Tells which ids --only and --without leave in a list; says which lines of the annotations could not be read. */
export async function annotatedOnly(
  directory: string,
  flags: ShowFlags,
  { stderr }: Host,
): Promise<(id: string) => boolean> {
  if (selectsAll(flags)) return () => true;
  const annotations = await readAnnotations(directory);
  for (const line of annotations.skipped) tell(stderr, skippedWords(directory, line));
  return annotationFilter(annotations, flags);
}

/** The part of a list that a page has. */
export function pageOf<Entry>(
  entries: readonly Entry[],
  { page = 1, limit = LIMIT }: ShowFlags,
): readonly Entry[] {
  return entries.slice((page - 1) * limit, page * limit);
}

function paintOutcome(rows: readonly Listed[], paint: Paint): (line: string, place: number) => string {
  return (line, place) => {
    const outcome = rows[place - 1]?.outcome;
    return outcome === undefined
      ? paint("bold", line)
      : line.replace(outcome, () => paint(COLOURS[outcome], outcome));
  };
}

/** The rows of a page, in full, since the index has but the beginnings of texts. */
async function rowsOf({ paths }: RunFolder, entries: readonly IndexedPersona[]): Promise<readonly Listed[]> {
  if (entries.length === 0) return [];
  const rows: Listed[] = [];
  const places = entries.map(({ record }) => record);
  for await (const record of recordsAt(paths, places)) {
    const entry = entries[rows.length];
    if (entry !== undefined) rows.push(listed(record, entry));
  }
  return rows;
}

/** Lists the ended personas of a run on stdout, a page of them; gives whether something of it could not be read. */
export async function listRun(run: RunFolder, flags: ShowFlags, host: Host): Promise<boolean> {
  const { outcome, fault, json } = flags;
  const takes = await annotatedOnly(run.directory, flags, host);
  const indexed = await openIndexed(run, host);
  const { entries } = indexed;
  const found = entries.filter(
    (entry) =>
      (outcome === undefined || entry.outcome === outcome) &&
      (fault === undefined || entry.faults.includes(fault)) &&
      takes(entry.id),
  );
  const rows = await rowsOf(run, pageOf(found, flags));
  const { stdout, stderr, env } = host;
  if (json === true) stdout.write(`${JSON.stringify(rows)}\n`);
  else if (rows.length > 0) {
    const digits = digitsOf(entries);
    const withCost = rows.some(({ cost }) => (cost ?? 0) > 0);
    const kept = (_column: unknown, place: number): boolean => withCost || place !== COST_COLUMN;
    const cells = rows.map((row) => [
      row.id.slice(0, digits),
      row.outcome,
      ...[row.calls, row.turns, row.errors].map(String),
      ...(withCost ? [row.cost === null ? "" : dollars(row.cost)] : []),
      row.fault ?? "",
      printableLine(row.reason ?? row.persona).replace(/\s+/g, " "),
    ]);
    const lines = listLines(
      [COLUMNS.filter(kept), ...cells],
      ALIGNMENT.filter(kept),
      host,
      paintOutcome(rows, paintFor(stdout, env)),
    );
    stdout.write(`${lines.join("\n")}\n`);
  }
  await stdout.drained();
  if (rows.length === 0) tell(stderr, "No persona to show: none has ended in that way yet.");
  const { batches, requests } = await readWaiting(run.paths);
  if (batches > 0)
    tell(
      stderr,
      `${counted(requests, "request")} wait in ${counted(batches, "batch", "batches")}; resume fetches them.`,
    );
  const more = moreWords(found.length, rows.length, flags);
  if (more !== undefined) tell(stderr, more);
  return tellDamage(indexed, host);
}
