import { stat } from "node:fs/promises";
import { readAnnotations, skippedWords } from "../../annotation/annotation-file.ts";
import { annotationFilter, selectsAll } from "../../annotation/condition.ts";
import type { ShowFlags } from "../../config/flags.ts";
import { dollars, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { currentSyntheses, storedTrajectory } from "../../synthesis/read-run.ts";
import { faultCode, type OutcomeKind, type SynthesisRecord } from "../../synthesis/record.ts";
import { readCalls } from "../../synthesis/replay.ts";
import { showsError } from "../../trajectory/trajectory.ts";
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
  /** Dollars for its calls; null when it is not known, or when the run is too large to be summed up for a list. */
  readonly cost: number | null;
  /** The script's; null where there is none. */
  readonly goal: string | null;
  /** The code of the last fault; null when there was none. */
  readonly fault: string | null;
  /** Why the persona failed; null when it did not. */
  readonly reason: string | null;
}

const LIMIT = 20;
const SHORT_ID = 6;
/** Bytes of `calls.jsonl` up to which costs are summed up: a second or so. */
const COSTS_UP_TO = 64 * 1024 * 1024;
const COLOURS = { accepted: "green", rejected: "yellow", failed: "red" } as const;

function listed(record: SynthesisRecord, costs: ReadonlyMap<number, number | null>): Listed {
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
    cost: costs.get(record.index) ?? null,
    goal: trajectory?.script.goal ?? null,
    fault: last === undefined ? null : faultCode(last),
    reason: record.reason ?? null,
  };
}

/** What the calls of each persona cost, by its place. */
async function readCosts({ paths }: RunFolder): Promise<ReadonlyMap<number, number | null>> {
  const costs = new Map<number, number | null>();
  const { size } = await stat(paths.calls).catch(() => ({ size: Number.POSITIVE_INFINITY }));
  if (size > COSTS_UP_TO) return costs;
  for await (const { index, cost } of readCalls(paths)) {
    const before = costs.get(index) ?? (costs.has(index) ? null : 0);
    costs.set(index, before === null || cost === null ? null : before + cost);
  }
  return costs;
}

/** How many digits of the ids tell all of them apart. */
function digitsOf(ids: readonly string[]): number {
  for (let digits = SHORT_ID; digits < 16; digits += 1) {
    if (new Set(ids.map((id) => id.slice(0, digits))).size === ids.length) return digits;
  }
  return 16;
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
export function isOnPage(place: number, { page = 1, limit = LIMIT }: ShowFlags): boolean {
  return place >= (page - 1) * limit && place < page * limit;
}

function paintOutcome(rows: readonly Listed[], paint: Paint): (line: string, place: number) => string {
  return (line, place) => {
    const outcome = rows[place - 1]?.outcome;
    return outcome === undefined
      ? paint("bold", line)
      : line.replace(outcome, () => paint(COLOURS[outcome], outcome));
  };
}

/** Lists the ended personas of a run on stdout, a page of them. */
export async function listRun(run: RunFolder, flags: ShowFlags, host: Host): Promise<void> {
  const { outcome, fault, json } = flags;
  const costs = await readCosts(run);
  const takes = await annotatedOnly(run.directory, flags, host);
  const rows: Listed[] = [];
  const ids: string[] = [];
  let matching = 0;
  for await (const record of currentSyntheses(run.paths)) {
    ids.push(record.id);
    if (outcome !== undefined && record.outcome !== outcome) continue;
    if (fault !== undefined && !record.faults.some((each) => faultCode(each) === fault)) continue;
    if (!takes(record.id)) continue;
    if (isOnPage(matching, flags)) rows.push(listed(record, costs));
    matching += 1;
  }
  const { stdout, stderr, env } = host;
  if (json === true) stdout.write(`${JSON.stringify(rows)}\n`);
  else if (rows.length > 0) {
    const digits = digitsOf(ids);
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
  const more = moreWords(matching, rows.length, flags);
  if (more !== undefined) tell(stderr, more);
}
