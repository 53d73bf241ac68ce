import { AgentRefineError } from "../../errors.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import type { SynthesisRecord } from "../../synthesis/record.ts";
import { currentSyntheses } from "../current-syntheses.ts";
import { showWords } from "../words.ts";

const SHOWN = 5;

/** The record whose id begins with `prefix`. Throws AgentRefineError unless there is exactly one. */
export async function findRecord(run: RunFolder, prefix: string): Promise<SynthesisRecord> {
  const found: SynthesisRecord[] = [];
  for await (const record of currentSyntheses(run.paths)) {
    if (!record.id.startsWith(prefix.toLowerCase())) continue;
    found.push(record);
    if (found.length > SHOWN) break;
  }
  const [first] = found;
  if (first === undefined)
    throw new AgentRefineError(showWords.notFound(prefix), { fix: showWords.notFoundFix });
  if (found.length === 1) return first;
  const ids = found.slice(0, SHOWN).map(({ id }) => id);
  throw new AgentRefineError(showWords.ambiguous(prefix, ids), { fix: showWords.ambiguousFix });
}
