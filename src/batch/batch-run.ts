import type { BatchService, ProviderBatch } from "../model/batch/batch-service.ts";
import type { ChatError, ChatModel, ChatReply, ChatRequest, Usage } from "../model/chat-model.ts";
import type { Clock } from "../model/limiter.ts";
import type { CostOf } from "../model/money.ts";
import type { RunHalt } from "../model/run-halt.ts";
import { type Journal, openJournal } from "../runs/journal.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import { type BatchedCall, BatchFolder, exactName } from "./batch-folder.ts";
import {
  addBatchEvent,
  askedIn,
  type BatchEvent,
  BatchedCalls,
  openBatches,
  readStanding,
  type Standing,
  standingOf,
} from "./standing.ts";

/** A request that waits for its answer. */
export interface Waiting extends BatchedCall {
  readonly ask: ChatRequest;
}

/** Who asks through batches: the personas of a run, or the episodes of an evaluation, that wait for replies. */
export interface Askers {
  /** How many wait. */
  readonly size: number;
  /** Whether nobody is left who does not wait and may come to. */
  readonly isSourceEmpty: boolean;
  /** Waits for those who come to wait by themselves, and begins others as long as there is room for them. */
  admit(): Promise<void>;
  /** What they wait for, whether it stands in a batch already or not. */
  waiting(): Iterable<Waiting>;
  /** The request, when somebody waits for exactly this; undefined when he has ended, or waits for something else. */
  waitingFor(call: BatchedCall): Promise<Waiting | undefined>;
  /** Keeps the reply to a request, which came with the batch of this tag; then who waits for it goes on. */
  take(waiting: Waiting, reply: ChatReply, tag: string): Promise<void>;
  /** Keeps what a reply has cost for which nobody waits. Whether it was a request of theirs. */
  takeSecond(call: BatchedCall, usage: Usage, tag: string): Promise<boolean>;
  /** Ends who waits for a request, for a reason in words. */
  fail(waiting: Waiting, reason: string, error: ChatError): void;
}

/** Why a reply for which nobody waits stands in a journal: its text is of no use, its cost counts. */
export function secondAnswer(batch: string): { readonly code: "bad-reply"; readonly message: string } {
  return { code: "bad-reply", message: `a second answer to a request, of batch ${batch}` };
}

/** How a run is asked in batches. */
export interface BatchOptions {
  readonly service: BatchService;
  /** The model's name, for the record. */
  readonly model: string;
  /** Dollars for tokens that are bought in a batch; null when the price is unknown. */
  readonly costOf: CostOf;
  /** The most that a request can cost in a batch, in dollars; null when the price is unknown. */
  readonly worstOf: (request: ChatRequest) => number | null;
  /** Requests of a batch, at most; 2,000 when not given. */
  readonly mostRequests?: number | undefined;
  /** Hours after which what is open of a batch is canceled and asked again; 20 when not given. */
  readonly hours?: number | undefined;
  /** Whether batches are waited for; else the run ends when all that can be submitted is. */
  readonly waits: boolean;
  /**
   * Gives the model that the last personas, fewer than one in a hundred, are asked live; it is told what was spent.
   * Undefined when they are asked in batches too.
   */
  readonly liveModel?: ((spent: number) => Promise<ChatModel>) | undefined;
  /** `now` gives milliseconds since 1970. */
  readonly clock: Clock;
  /** Told of each event once it is on the disk. */
  readonly onEvent?: (event: BatchEvent) => void;
}

/** What waits at the service, as a panel and a summary tell it. */
export interface BatchSnapshot {
  /** Batches that are open, their requests, and how many of those have their answers as far as the service tells. */
  readonly open: number;
  readonly requests: number;
  readonly answered: number;
  /** Batches that are over. */
  readonly over: number;
  /** Replies that came of batches, and requests that had to be asked again. */
  readonly kept: number;
  readonly again: number;
  /** What the user is to run himself so that they are worked on; left out where a service works by itself. */
  readonly commands?: readonly string[];
}

interface Parts {
  readonly options: BatchOptions;
  /** The model that is asked, where it is not the one that the run is about. */
  readonly by?: string | undefined;
  readonly askers: Askers;
  readonly halt: Pick<RunHalt<never>, "signal" | "keep" | "pauseFor">;
  readonly note: (text: string) => void;
}

/** The batches of a folder as they stand, and where what becomes of them is kept. */
export interface LoadedBatches extends AsyncDisposable {
  readonly standing: Standing;
  /** To be told of the calls that were bought before. */
  readonly calls: BatchedCalls;
  readonly folder: BatchFolder;
  readonly journal: Journal;
}

/** Loads the batches of a folder that is locked; with `retryFailed` what got no answer is tried as often as at first. */
export async function loadBatches(
  paths: RunPaths,
  { lost, retryFailed }: { readonly lost: AbortSignal; readonly retryFailed: boolean },
): Promise<LoadedBatches> {
  const standing = await readStanding(paths);
  const folder = new BatchFolder(paths.batchFiles);
  await folder.sweep(standing);
  const journal = await openJournal(paths.batches, { sync: true, lost });
  return {
    standing: retryFailed ? { ...standing, again: new Map() } : standing,
    calls: new BatchedCalls(standing),
    folder,
    journal,
    [Symbol.asyncDispose]: () => journal.close(),
  };
}

/** What the parts of the work on batches share. */
export type BatchRun = Awaited<ReturnType<typeof openBatchRun>>;

/**
 * Shares parts, and how the batches stand, among those that work on them. Rejects with an AgentRefineError when a file
 * of requests is damaged.
 */
export async function openBatchRun(parts: Parts, { folder, journal, calls, ...loaded }: LoadedBatches) {
  const { halt, options, by } = parts;
  const { service } = options;
  let standing = standingOf(loaded.standing, by);
  /** Requests in open batches, with their batches. */
  const before = await askedIn(folder, standing);
  const asked = new Map(before.map((call) => [exactName(call), call.batch]));
  /** How many requests of an open batch have their answers, as the service has told. */
  const answered = new Map<string, number>();
  return {
    ...parts,
    folder,
    service,
    get standing(): Standing {
      return standing;
    },
    /** Puts an event on the disk before anything more is done. */
    keepEvent: async (event: BatchEvent): Promise<void> => {
      await halt.keep(journal.append(event));
      standing = addBatchEvent(standing, event);
      options.onEvent?.(event);
    },
    /** The batch in which a request stands. */
    batchOf: (call: BatchedCall): string | undefined => asked.get(exactName(call)),
    /** A request stands in a batch now; in none any more without one. */
    setBatch: (call: BatchedCall, batch?: string): void => {
      if (batch === undefined) asked.delete(exactName(call));
      else asked.set(exactName(call), batch);
    },
    /** What is still to be asked: later calls first, so that what is begun is finished. */
    toAsk: (): readonly Waiting[] =>
      [...parts.askers.waiting()]
        .filter((call) => !asked.has(exactName(call)))
        .sort((one, other) => other.call - one.call || one.index - other.index),
    /** Whether a reply of a batch was kept before this process began. */
    isKept: (tag: string, call: string): boolean => calls.kept.get(tag)?.has(call) === true,
    /** Takes note of what the service tells of a batch that it works on. */
    seen: (batch: string, { answered: count = 0 }: ProviderBatch): void => {
      answered.set(batch, count);
    },
    /** How the batches stand. */
    snapshot: (): BatchSnapshot => {
      const open = openBatches(standing);
      const { byHand } = service;
      return {
        open: open.length,
        requests: open.reduce((sum, { requests }) => sum + requests, 0),
        answered: open.reduce((sum, { batch }) => sum + (answered.get(batch) ?? 0), 0),
        over: standing.batches.size - open.length,
        kept: [...standing.batches.values()]
          .flatMap(({ copies }) => copies)
          .reduce((sum, { kept }) => sum + kept, 0),
        again: [...standing.again.values()].reduce((sum, times) => sum + times, 0),
        ...(byHand === undefined ? {} : { commands: byHand(open.map(({ batch }) => batch)) }),
      };
    },
  };
}
