import { readFile } from "node:fs/promises";
import type { ChatModel } from "../model/chat-model.ts";
import type { CostOf } from "../model/prices.ts";
import { ReplyNotes } from "../model/reply.ts";
import type { Pause } from "../model/run-halt.ts";
import type { Persona } from "../persona/persona.ts";
import { exists, writeAtomically, writeFileAtomically } from "../runs/atomic-file.ts";
import { type Journal, openJournal } from "../runs/journal.ts";
import { lockFolder } from "../runs/lock.ts";
import type { RunFolder, RunPaths } from "../runs/run-folder.ts";
import type { ErrorPolicy } from "../trajectory/trajectory.ts";
import type { ReplyForm } from "../trajectory/turn-wires.ts";
import type { BudgetOptions } from "./budget.ts";
import { synthesizeLive } from "./live.ts";
import { pendingPersonas, personaMarks, readPersonaLines, replayRun } from "./replay.ts";
import { addCall, addSynthesis, EMPTY_TALLY, type Tally } from "./tally.ts";
import { soleTeam, teamsOf, type Writers } from "./writers.ts";

/** How a run is driven. What is fixed for the whole run is in its `run.json`; these may differ at a resume. */
export interface GenerateOptions {
  /** The model that writes, or several that share the personas. */
  readonly model: ChatModel | Writers;
  /** The selected personas; read only when the run does not have them yet. */
  readonly personas: () => AsyncIterable<Persona>;
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
  /** Ends the taking of work; calls on the wire finish. */
  readonly stop: AbortSignal;
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
}

/** What a run came to. */
export interface GenerateResult {
  readonly personas: number;
  readonly tally: Tally;
  /** Personas that have not ended. */
  readonly pending: number;
  /** Why the run paused, when it did. */
  readonly pause: Pause | undefined;
}

/** Writes the selected personas into the run, so that it no longer depends on where they came from. */
async function keepPersonas(paths: RunPaths, personas: () => AsyncIterable<Persona>): Promise<void> {
  if (await exists(paths.personas)) return;
  await writeAtomically(paths.personas, async (file) => {
    let lines: string[] = [];
    for await (const { id, text } of personas()) {
      lines.push(`${JSON.stringify({ id, persona: text })}\n`);
      if (lines.length < 1000) continue;
      await file.write(lines.join(""));
      lines = [];
    }
    await file.write(lines.join(""));
  });
}

/** The old lines stay as they are, since records name personas by their places. */
async function appendPersonas(path: string, lines: readonly string[]): Promise<void> {
  const before = await readFile(path, "utf8");
  const end = before === "" || before.endsWith("\n") ? "" : "\n";
  await writeFileAtomically(path, `${before}${end}${lines.join("")}`);
}

/**
 * Lets a run grow: adds those of the personas that it does not have, after those that it has, until it has `most`.
 * Gives how many were added. A run without personas is left for {@link generate} to begin. Rejects with an
 * AgentRefineError when another process drives the run.
 */
export async function addPersonas(
  { directory, paths }: RunFolder,
  personas: AsyncIterable<Persona>,
  most: number,
  onNote?: (note: string) => void,
): Promise<number> {
  const lock = await lockFolder(directory, { note: onNote });
  try {
    const known = new Set<string>();
    for await (const { id } of readPersonaLines(paths)) known.add(id);
    if (known.size === 0 || known.size >= most) return 0;
    const lines: string[] = [];
    for await (const { id, text } of personas) {
      if (known.has(id)) continue;
      known.add(id);
      lines.push(`${JSON.stringify({ id, persona: text })}\n`);
      if (known.size >= most) break;
    }
    if (lines.length > 0) await appendPersonas(paths.personas, lines);
    return lines.length;
  } finally {
    await lock.release();
  }
}

/** How many personas of a run have ended. */
export function endedPersonas({ outcomes }: Tally): number {
  return outcomes.accepted + outcomes.rejected + outcomes.failed;
}

function noteDropped({ dropped }: Journal, path: string, { onNote }: GenerateOptions): void {
  if (dropped > 0) onNote?.(`dropped ${dropped} bytes of a torn last line in ${path}`);
}

/**
 * Drives a run to its end, or until it is stopped or has to pause: begins it when it is new, resumes it
 * when it is not. A reply is on the disk before it is used, so a run that is killed at any moment loses no
 * finished reply and buys none twice. Only one process may drive a run; rejects with an AgentRefineError when
 * another does, or when the disk refuses.
 */
export async function generate(
  { directory, paths }: RunFolder,
  options: GenerateOptions,
): Promise<GenerateResult> {
  const lock = await lockFolder(directory, { note: options.onNote });
  try {
    await keepPersonas(paths, options.personas);
    const { lost } = lock;
    const calls = await openJournal(paths.calls, { sync: true, lost });
    try {
      // A lost line of this one is made again from the calls, so it needs no syncing.
      const syntheses = await openJournal(paths.syntheses, { sync: false, lost });
      try {
        noteDropped(calls, paths.calls, options);
        noteDropped(syntheses, paths.syntheses, options);
        const stop = AbortSignal.any([options.stop, lost]);
        const result = await drive(paths, { ...options, stop }, calls, syntheses);
        lost.throwIfAborted();
        return result;
      } finally {
        await syntheses.close();
      }
    } finally {
      await calls.close();
    }
  } finally {
    await lock.release();
  }
}

async function drive(
  paths: RunPaths,
  options: GenerateOptions,
  calls: Journal,
  syntheses: Journal,
): Promise<GenerateResult> {
  const {
    retryFailed,
    onStart,
    model,
    maximumCalls,
    errors = "refined",
    form,
    concurrency,
    costOf,
    stop,
  } = options;
  const marks = await personaMarks(paths);
  const personas = marks.length;
  const replay = await replayRun(paths, { retryFailed, costOf, marks });
  let tally: Tally = replay.tally;
  onStart?.({ personas, tally: () => tally });
  const notes = new ReplyNotes((note) => options.onNote?.(note));
  const teams = "writers" in model ? teamsOf(model) : [soleTeam(model, concurrency)];
  const works = teams.map((team) => ({ team, personas: pendingPersonas(paths, replay, team.has) }));
  const pause = await synthesizeLive(works, {
    maximumCalls,
    errors,
    form,
    costOf,
    pausesForRefusals: !retryFailed,
    budget: options.budget && { ...options.budget, spent: tally.cost ?? 0 },
    stop,
    keepCall: async (call) => {
      await calls.append(call);
      tally = addCall(tally, call);
      if ("text" in call) notes.take(call);
    },
    keepSynthesis: async (record) => {
      await syntheses.append(record);
      tally = addSynthesis(tally, record);
    },
  });
  return { personas, tally, pending: personas - endedPersonas(tally), pause };
}

/**
 * The tally of a run as its folder has it now, without driving it. `costOf` gives dollars for calls whose price was
 * unknown when they were bought.
 */
export async function tallyOf(
  paths: RunPaths,
  costOf: CostOf = () => null,
): Promise<{ readonly personas: number; readonly tally: Tally }> {
  if (!(await exists(paths.personas))) return { personas: 0, tally: EMPTY_TALLY };
  const { tally } = await replayRun(paths, { retryFailed: false, costOf });
  return { personas: (await personaMarks(paths)).length, tally };
}
