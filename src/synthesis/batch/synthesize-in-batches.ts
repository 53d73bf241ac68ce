import {
  type BatchOptions,
  type BatchSnapshot,
  type LoadedBatches,
  openBatchRun,
} from "../../batch/batch-run.ts";
import type { Purse } from "../../batch/choose-requests.ts";
import { driveRounds, Rounds, type RoundsEnd } from "../../batch/rounds.ts";
import { type Pause, RunHalt } from "../../model/run-halt.ts";
import type { Persona } from "../../persona/persona.ts";
import type { RunPaths } from "../../runs/run-folder.ts";
import { type BudgetOptions, personaPurse } from "../budget.ts";
import type { PendingPersona } from "../live.ts";
import { readPersonaLines } from "../persona-lines.ts";
import type { CallRecord, SynthesisRecord } from "../record.ts";
import type { Synthesis } from "../synthesis.ts";
import { PersonasUnderWay } from "./under-way.ts";

/** What is driven, and where it is kept. */
interface InBatches {
  readonly paths: RunPaths;
  readonly personas: AsyncIterable<PendingPersona>;
  /** How many personas the run has in all. */
  readonly total: number;
  readonly batch: BatchOptions;
  /** The batches of the run, which have been told of its calls. */
  readonly batches: LoadedBatches;
  readonly maximumCalls: number;
  readonly begin: (persona: Persona) => Synthesis;
  /** Personas under way at once, at most. */
  readonly most: number;
  readonly pausesForRefusals: boolean;
  readonly budget: BudgetOptions | undefined;
  /** What was spent and how many personas have ended by now. */
  readonly progress: () => { readonly spent: number; readonly ended: number };
  readonly stop: AbortSignal;
  readonly keepCall: (call: CallRecord) => Promise<void>;
  readonly keepSynthesis: (record: SynthesisRecord) => Promise<void>;
  readonly note: (text: string) => void;
  /** Told once how the batches can be looked at. */
  readonly onStart: (snapshot: () => BatchSnapshot) => void;
}

interface BatchesEnd {
  readonly pause: Pause | undefined;
  /** Undefined when it was stopped or paused. */
  readonly end: RoundsEnd | undefined;
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
  const { paths, batch, budget, progress, keepCall, keepSynthesis, note } = options;
  const halt = new RunHalt<SynthesisRecord>(options.stop, keepSynthesis, options);
  const askers = new PersonasUnderWay(options.personas, {
    ...{ begin: options.begin, most: options.most, costOf: batch.costOf, halt, keepCall, keepSynthesis },
    personaId: (index) => personaIdAt(paths, index),
  });
  try {
    const run = await openBatchRun({ options: batch, askers, halt, note }, options.batches);
    options.onStart(run.snapshot);
    const purse = (): Purse =>
      personaPurse(budget, options.maximumCalls, {
        ...progress(),
        ...askers.begun(run.batchOf),
        reserved: rounds.reserved,
      });
    const rounds = new Rounds(run, purse, options.total);
    const end = await driveRounds([rounds], batch, halt.signal).catch((error: unknown) => {
      halt.take(error);
      return undefined;
    });
    return { pause: await halt.finish(), end };
  } finally {
    await askers.close();
  }
}
