import { type BatchOptions, type BatchSnapshot, loadBatches } from "../batch/batch-run.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { CostOf } from "../model/money.ts";
import { ReplyNotes } from "../model/reply.ts";
import type { Pause } from "../model/run-halt.ts";
import type { Persona } from "../persona/persona.ts";
import { exists } from "../runs/atomic-file.ts";
import { type Journal, openJournal } from "../runs/journal.ts";
import { lockFolder } from "../runs/lock.ts";
import type { RunFolder, RunPaths } from "../runs/run-folder.ts";
import type { Shard } from "../runs/shard.ts";
import type { ErrorPolicy } from "../trajectory/trajectory.ts";
import type { ReplyForm } from "../trajectory/turn-wires.ts";
import { synthesizeInBatches } from "./batch/synthesize-in-batches.ts";
import type { BudgetOptions } from "./budget.ts";
import { IndexedRun } from "./indexed-run.ts";
import { keepPersonas } from "./keep-personas.ts";
import { synthesizeLive } from "./live.ts";
import { pendingPersonas, personaLineTable } from "./persona-lines.ts";
import { knowsTally, replayRun } from "./read-run.ts";
import type { CallRecord, SynthesisRecord } from "./record.ts";
import { begin } from "./synthesis.ts";
import { addCall, addSynthesis, endedPersonas, type Tally } from "./tally.ts";
import { soleTeam, teamsOf, type Writers } from "./writers.ts";

/** How a run is driven. What is fixed for the whole run is in its `run.json`; these may differ at a resume. */
export interface GenerateOptions {
  /** The model that writes, or several that share the personas. */
  readonly model: ChatModel | Writers;
  /** The selected personas; read only when the run does not have them yet. */
  readonly personas: () => AsyncIterable<Persona>;
  /** Which of them are this run's; all when not given. The others are for other runs, and `mergeRuns` puts them together. */
  readonly shard?: Shard | undefined;
  /** How many calls a persona may use, the script's included; at least 2 (paper, section 3.2: 4). */
  readonly maximumCalls: number;
  /** Whether the trajectories are to have errors with their refinements; `refined` when not given. */
  readonly errors?: ErrorPolicy;
  /** How the model is asked to write; in the paper's form when not given. */
  readonly form?: ReplyForm;
  /** How many personas are worked on at once; of several writers each has a number of its own. */
  readonly concurrency: number;
  /** Dollars for tokens of a model, which is named where there are several; null when the price is unknown. */
  readonly costOf: CostOf;
  /**
   * What the run may spend, so that no persona is begun that the money cannot carry to its end. That no call passes
   * the cap is for the model to see to (`stackModel`).
   */
  readonly budget?: BudgetOptions | undefined;
  /** Whether personas that failed earlier are tried again. */
  readonly retryFailed: boolean;
  /** How it is asked in batches; undefined when it is asked live. `concurrency` bounds the personas all the same. */
  readonly batch?: BatchOptions | undefined;
  /** Ends the taking of work; calls on the wire finish. */
  readonly stop: AbortSignal;
  /** The run's index, when it has been opened to look at the run before. */
  readonly index?: IndexedRun | undefined;
  /** Told once before the first call. */
  readonly onStart?: (view: RunView) => void;
  /** Told things worth a line, such as a torn line that was dropped. */
  readonly onNote?: (note: string) => void;
}

/** A run at work; the functions may be called at any time. */
export interface RunView {
  /** How many personas the run has in all. */
  readonly personas: number;
  readonly tally: () => Tally;
  /** What waits at the batch service; undefined for a run that is asked live. */
  readonly batches?: () => BatchSnapshot;
}

/** What a run came to. */
export interface GenerateResult {
  readonly personas: number;
  readonly tally: Tally;
  /** Personas that have not ended. */
  readonly pending: number;
  /** Why the run paused, when it did. */
  readonly pause: Pause | undefined;
  /** What waits at the batch service; undefined for a run that is asked live. */
  readonly batches?: BatchSnapshot | undefined;
}

/**
 * Drives a run to its end, or until it is stopped or has to pause: begins it when it is new, resumes it
 * when it is not. A reply is on the disk before it is used, so a run that is killed at any moment loses no
 * finished reply and buys none twice. Only one process may drive a run; rejects with an AgentRefineError when
 * another does, or when the disk refuses.
 */
export async function generate(run: RunFolder, options: GenerateOptions): Promise<GenerateResult> {
  const { directory, paths } = run;
  const { onNote } = options;
  await using lock = await lockFolder(directory, { note: onNote });
  if (!(await exists(paths.personas))) await keepPersonas(run, options.personas(), options.shard);
  const { lost } = lock;
  const calls = await openJournal(paths.calls, { sync: true, lost, onNote });
  try {
    // A lost line of this one is made again from the calls, so it needs no syncing.
    const syntheses = await openJournal(paths.syntheses, { sync: false, lost, onNote });
    try {
      const stop = AbortSignal.any([options.stop, lost]);
      const index = await (options.index?.drive() ?? IndexedRun.open(paths, { drives: true }));
      const result = await drive(paths, { ...options, stop }, { calls, syntheses, index }, lost);
      lost.throwIfAborted();
      await index.save();
      return result;
    } finally {
      await syntheses.close();
    }
  } finally {
    await calls.close();
  }
}

/** What a driver writes to. */
interface Kept {
  readonly calls: Journal;
  readonly syntheses: Journal;
  readonly index: IndexedRun;
}

async function drive(
  paths: RunPaths,
  options: GenerateOptions,
  { calls, syntheses, index }: Kept,
  lost: AbortSignal,
): Promise<GenerateResult> {
  const { retryFailed, onStart, onNote = () => {}, batch, costOf, maximumCalls } = options;
  const { errors = "refined", form } = options;
  const lines = await personaLineTable(paths);
  const personas = lines.size;
  await using batches = batch && (await loadBatches(paths, { lost, retryFailed }));
  let replay = await replayRun(paths, {
    retryFailed,
    costOf,
    personas: lines,
    ...(batches === undefined ? { index } : { onCall: batches.calls.add }),
  });
  let { tally } = replay;
  const notes = new ReplyNotes(onNote);
  const work = {
    maximumCalls,
    errors,
    form,
    stop: options.stop,
    pausesForRefusals: !retryFailed,
    keepCall: async (call: CallRecord) => {
      await index.tookCall(call, await calls.append(call));
      tally = addCall(tally, call);
      if ("text" in call) notes.take(call);
    },
    keepSynthesis: async (record: SynthesisRecord) => {
      await index.tookSynthesis(record, await syntheses.append(record));
      tally = addSynthesis(tally, record);
    },
  };
  const live = (model: ChatModel | Writers): Promise<Pause | undefined> => {
    const teams = "writers" in model ? teamsOf(model) : [soleTeam(model, options.concurrency)];
    const works = teams.map((team) => ({ team, personas: pendingPersonas(paths, lines, replay, team.has) }));
    const budget = options.budget && { ...options.budget, spent: tally.cost ?? 0 };
    return synthesizeLive(works, { ...work, costOf, budget });
  };
  let look: (() => BatchSnapshot) | undefined;
  const result = (pause: Pause | undefined): GenerateResult => ({
    personas,
    tally,
    pending: personas - endedPersonas(tally),
    pause,
    batches: look?.(),
  });
  const view = { personas, tally: () => tally };
  if (batch === undefined || batches === undefined) {
    onStart?.(view);
    return result(await live(options.model));
  }
  const { pause, end } = await synthesizeInBatches({
    ...work,
    paths,
    personas: pendingPersonas(paths, lines, replay, () => true),
    total: personas,
    batch,
    batches,
    most: options.concurrency,
    budget: options.budget,
    note: onNote,
    begin: (persona) => begin(persona, maximumCalls, errors, form),
    progress: () => ({ spent: tally.cost ?? 0, ended: endedPersonas(tally) }),
    onStart: (snapshot) => {
      look = snapshot;
      onStart?.({ ...view, batches: snapshot });
    },
  });
  if (end !== "few-left" || batch.liveModel === undefined) return result(pause);
  replay = await replayRun(paths, { retryFailed: false, costOf, personas: lines });
  return result(await live(await batch.liveModel(tally.cost ?? 0)));
}

/**
 * The tally of a run as its folder has it now, without driving it. `costOf` gives dollars for calls whose price was
 * unknown when they were bought.
 */
export async function tallyByIndex(
  paths: RunPaths,
  index: IndexedRun,
  costOf: CostOf,
): Promise<{ readonly personas: number; readonly tally: Tally }> {
  const { personas } = index;
  if (knowsTally(index, costOf)) return { personas, tally: index.tally };
  return { personas, tally: (await replayRun(paths, { retryFailed: false, costOf })).tally };
}
