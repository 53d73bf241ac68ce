import { AgentRefineError } from "../../errors.ts";
import { type Pause, RunHalt } from "../../model/run-halt.ts";
import type { Persona } from "../../persona/persona.ts";
import { openJournal } from "../../runs/journal.ts";
import type { RunPaths } from "../../runs/run-folder.ts";
import type { BudgetOptions } from "../budget.ts";
import type { PendingPersona } from "../live.ts";
import type { CallRecord, SynthesisRecord } from "../record.ts";
import { readPersonaLines } from "../replay.ts";
import type { Synthesis } from "../synthesis.ts";
import { BatchFolder } from "./batch-folder.ts";
import { type BatchOptions, type BatchSnapshot, openBatchRun } from "./batch-run.ts";
import { type BatchedCall, requestsOf } from "./custom-id.ts";
import { Purse } from "./purse.ts";
import { Rounds, type RoundsEnd } from "./rounds.ts";
import { openBatches, type Standing, type StandingBatch } from "./standing.ts";
import { PersonasUnderWay } from "./under-way.ts";

/** What is driven, and where it is kept. */
interface InBatches {
  readonly paths: RunPaths;
  readonly personas: AsyncIterable<PendingPersona>;
  /** How many personas the run has in all. */
  readonly total: number;
  readonly batch: BatchOptions;
  readonly standing: Standing;
  /** The calls of `calls.jsonl` that came with batches which are not over yet: `12-2` by the batch's tag. */
  readonly kept: ReadonlyMap<string, ReadonlySet<string>>;
  readonly maximumCalls: number;
  readonly begin: (persona: Persona) => Synthesis;
  /** Personas under way at once, at most. */
  readonly most: number;
  readonly pausesForRefusals: boolean;
  readonly budget: BudgetOptions | undefined;
  /** What was spent and how many personas have ended by now. */
  readonly progress: () => { readonly spent: number; readonly ended: number };
  readonly stop: AbortSignal;
  readonly lost: AbortSignal;
  readonly keepCall: (call: CallRecord) => Promise<void>;
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
  readonly note: (text: string) => void;
  /** Told once how the batches can be looked at. */
  readonly onStart: (snapshot: () => BatchSnapshot) => void;
}

/** How a run in batches ended. */
interface BatchesEnd {
  readonly pause: Pause | undefined;
  /** Undefined when it was stopped or paused. */
  readonly end: RoundsEnd | undefined;
}

async function askedIn(
  folder: BatchFolder,
  standing: Standing,
): Promise<readonly (BatchedCall & { readonly batch: string })[]> {
  const calls: (BatchedCall & { readonly batch: string })[] = [];
  for (const { file, batch, requests, copies, isRefused } of openBatches(standing)) {
    const found = await requestsOf(folder, file);
    for (const call of found) calls.push({ ...call, batch });
    // The requests of a batch that was over are gone; a second copy of it came to light later.
    const wasOver = isRefused || copies.some(({ isTaken }) => isTaken);
    if (found.length === requests || wasOver) continue;
    throw new AgentRefineError(`${folder.path(file)} does not hold the ${requests} requests of its batch`, {
      fix: "Restore the file from a copy: without it nobody can tell what was bought.",
    });
  }
  return calls;
}

/** The id of the persona at a place of the run; undefined when it has none there. */
async function personaIdAt(paths: RunPaths, index: number): Promise<string | undefined> {
  for await (const placed of readPersonaLines(paths)) if (placed.index === index) return placed.persona.id;
  return undefined;
}

/**
 * Drives syntheses through a batch service. Each reply is kept before it is used, and each step with the service is
 * noted before the next, so that a run that is killed at any moment loses nothing that was bought and buys none twice.
 */
export async function synthesizeInBatches(options: InBatches): Promise<BatchesEnd> {
  const { paths, batch, standing, budget, progress } = options;
  const folder = new BatchFolder(paths.batchFiles);
  await folder.sweep(new Set(Array.from(standing.batches.values(), ({ file }) => file)));
  const halt = new RunHalt<SynthesisRecord>(options.stop, options.keepSynthesis, options);
  const journal = await openJournal(paths.batches, { sync: true, lost: options.lost });
  const personas = new PersonasUnderWay(options.personas, {
    begin: options.begin,
    most: options.most,
    asked: await askedIn(folder, standing),
    costOf: ({ cost, usage }) => cost ?? batch.costOf(usage) ?? 0,
    keepSynthesis: (record) => halt.keep(options.keepSynthesis(record)),
  });
  const { keepCall, note, kept } = options;
  const run = openBatchRun(
    {
      options: batch,
      folder,
      personas,
      halt,
      keepCall,
      note,
      personaId: (index) => personaIdAt(paths, index),
    },
    { standing, kept, appendEvent: async (event) => void (await journal.append(event)) },
  );
  options.onStart(run.snapshot);
  const purse = (timesAtMost: (batch: StandingBatch) => number): Purse =>
    new Purse(budget, options.maximumCalls, () => {
      const begun = personas.begun();
      const reserved = openBatches(run.standing).reduce(
        (sum, each) => sum + (each.reserve ?? 0) * timesAtMost(each),
        0,
      );
      return { ...progress(), reserved, begun: begun.count, spentOnBegun: begun.cost };
    });
  let end: RoundsEnd | undefined;
  try {
    end = await new Rounds(run, purse, options.total).drive().catch((error: unknown) => {
      halt.take(error);
      return undefined;
    });
    return { pause: await halt.finish(), end };
  } finally {
    await personas.close();
    await journal.close();
  }
}
