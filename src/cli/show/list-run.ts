import { printable } from "../../printable.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import type { OutcomeKind, SynthesisRecord } from "../../synthesis/record.ts";
import { showsError } from "../../trajectory/trajectory.ts";
import { currentSyntheses } from "../current-syntheses.ts";
import { storedTrajectory } from "../stored-trajectory.ts";
import type { Host } from "../terminal/host.ts";
import { wholeNumber } from "../terminal/numbers.ts";
import { hasColours, paintFor } from "../terminal/paint.ts";
import { tableLines } from "../terminal/table.ts";
import { showWords } from "../words.ts";

/** Which of a run's personas are listed. */
export interface ListOptions {
  readonly limit?: number | undefined;
  readonly outcome?: OutcomeKind | undefined;
  readonly json?: boolean | undefined;
}

/** One line of the list. */
interface Listed {
  readonly id: string;
  readonly outcome: OutcomeKind;
  readonly calls: number;
  readonly turns: number;
  readonly errors: number;
  /** The script's; null where there is none. */
  readonly goal: string | null;
  /** The code of the last fault; null when there was none. */
  readonly fault: string | null;
  /** Why the persona failed; null when it did not. */
  readonly reason: string | null;
}

const LIMIT = 20;

const COLOURS = { accepted: "green", rejected: "yellow", failed: "red" } as const;

function listed(record: SynthesisRecord): Listed {
  const trajectory = storedTrajectory(record);
  const turns = trajectory?.turns ?? [];
  return {
    id: record.id,
    outcome: record.outcome,
    calls: record.calls,
    turns: turns.length,
    errors: turns.filter((turn) => turn.role === "DM" && showsError(turn)).length,
    goal: trajectory?.script.goal ?? null,
    fault: record.faults.at(-1)?.code ?? null,
    reason: record.reason ?? null,
  };
}

/** A table as wide as the terminal at most; what is piped is not cut. */
function table(rows: readonly Listed[], host: Host): readonly string[] {
  const cells = rows.map(({ id, outcome, calls, turns, errors, goal, fault, reason }) => [
    id,
    outcome,
    String(calls),
    String(turns),
    String(errors),
    printable(goal ?? reason ?? fault ?? "").replace(/\s+/g, " "),
  ]);
  const { stdout } = host;
  const lines = tableLines(
    [showWords.columns, ...cells],
    ["left", "left", "right", "right", "right", "left"],
  );
  const fitting = stdout.isTTY ? lines.map((line) => cut(line, stdout.columns)) : lines;
  if (!hasColours(stdout, host.env)) return fitting;
  const paint = paintFor(stdout, host.env);
  return fitting.map((line, place) => {
    const outcome = rows[place - 1]?.outcome;
    return outcome === undefined
      ? paint("bold", line)
      : line.replace(outcome, paint(COLOURS[outcome], outcome));
  });
}

/** Cuts a line without changing the spaces between its columns. */
function cut(line: string, width: number): string {
  const characters = Array.from(line);
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join("")}…`;
}

/** Lists the ended personas of a run on stdout, the first so many of them. */
export async function listRun(run: RunFolder, options: ListOptions, host: Host): Promise<void> {
  const { limit = LIMIT, outcome, json } = options;
  const rows: Listed[] = [];
  let matching = 0;
  for await (const record of currentSyntheses(run.paths)) {
    if (outcome !== undefined && record.outcome !== outcome) continue;
    matching += 1;
    if (rows.length < limit) rows.push(listed(record));
  }
  if (json === true) host.stdout.write(`${JSON.stringify(rows)}\n`);
  else if (rows.length > 0) host.stdout.write(`${table(rows, host).join("\n")}\n`);
  await host.stdout.drained();
  if (rows.length === 0) host.stderr.write(`${showWords.none}\n`);
  else if (matching > rows.length) {
    host.stderr.write(`${showWords.more(wholeNumber(matching - rows.length))}\n`);
  }
}
