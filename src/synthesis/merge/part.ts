import { AgentRefineError } from "../../errors.ts";
import { MARKS, markOf } from "../../persona/persona.ts";
import { readPlaced } from "../../runs/journal.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { LineTable, type MarkedLine, personaLineTable } from "../persona-lines.ts";
import { CALLS, SYNTHESES } from "../record.ts";

/** Added to the mark of a persona that failed. */
const FAILED = MARKS;

/** A run that is merged: where its lines stand, some hundred bytes a persona. */
export interface Part {
  readonly run: RunFolder;
  readonly personas: LineTable;
  readonly calls: LineTable;
  /** One line for each persona that has ended: that which counts. */
  readonly syntheses: LineTable;
}

/** Of the records of each persona that which counts: the first that did not fail, or the last. */
function counting(all: LineTable): LineTable {
  const counted = new LineTable();
  let kept: MarkedLine | undefined;
  for (const line of all.inOrder()) {
    if (kept !== undefined && kept.index !== line.index) counted.add(kept);
    if (kept?.index !== line.index || kept.mark >= FAILED) kept = line;
  }
  if (kept !== undefined) counted.add(kept);
  return counted;
}

/** Refuses records of personas that the run does not have: replies would go to others. */
function requireKnown(personas: LineTable, records: LineTable, path: string): void {
  for (let line = 0; line < records.size; line += 1) {
    const { index, mark } = records.at(line);
    if (personas.markOf(index) === mark % FAILED) continue;
    throw new AgentRefineError(
      `${path} is damaged: a record of place ${index} is not of the persona that personas.jsonl has there`,
      { fix: "Restore the run from a copy." },
    );
  }
}

/** Looks through a run that is to be merged: checks every record. Throws AgentRefineError. */
export async function readPart(run: RunFolder, stop?: AbortSignal): Promise<Part> {
  const { paths } = run;
  const personas = await personaLineTable(paths);
  const [calls, syntheses] = [new LineTable(), new LineTable()];
  for await (const { value, start, length } of readPlaced(paths.calls, CALLS)) {
    stop?.throwIfAborted();
    calls.add({ index: value.index, mark: markOf(value.persona), start, length });
  }
  for await (const { value, start, length } of readPlaced(paths.syntheses, SYNTHESES)) {
    stop?.throwIfAborted();
    const mark = markOf(value.id) + (value.outcome === "failed" ? FAILED : 0);
    syntheses.add({ index: value.index, mark, start, length });
  }
  requireKnown(personas, calls, paths.calls);
  requireKnown(personas, syntheses, paths.syntheses);
  return { run, personas, calls, syntheses: counting(syntheses) };
}
