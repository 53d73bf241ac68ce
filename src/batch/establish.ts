import { byteLines } from "../lines.ts";
import { type BatchInput, LONGEST_LINE, type ProviderBatch } from "../model/batch/batch-service.ts";
import { ChatError } from "../model/chat-model.ts";
import { readCustomId } from "./batch-folder.ts";
import type { BatchRun } from "./batch-run.ts";
import type { StandingBatch } from "./standing.ts";

/** How long a list may lag behind what was made, in milliseconds. */
const LISTING_LAG = 60_000;
/** By how much a service's clock may be behind ours, in milliseconds. */
export const CLOCK_SKEW = 600_000;
/** The same when a batch has to be found: one that is overlooked for its time is bought twice. */
export const WIDEST_SKEW = 24 * 3_600_000;
/** After how long a list has surely what was made, in milliseconds: what it still has not is taken for never made. */
const SURELY_LISTED = 3_600_000;

/** The file of a batch as a service is given it. */
function inputOf(run: BatchRun, { batch, file, bytes, requests }: StandingBatch): BatchInput {
  return { batch, path: run.folder.path(file), bytes, requests, name: `agentrefine-${batch}.jsonl` };
}

/**
 * Makes batches at the service, each once. A call that got no answer, and a process that was killed, may have made one
 * that was not noted: whatever was not planned by this process a moment ago is looked for first, twice and a minute
 * apart, since lists may lag.
 */
export class Establishing {
  readonly #run: BatchRun;
  readonly #carriesTwice: (batch: StandingBatch) => boolean;
  /** Batches for which `create` was not called yet, which only the process that planned them knows. */
  readonly #untried = new Set<string>();
  /** When a batch was first looked for and not found. */
  readonly #missedAt = new Map<string, number>();
  /** Batches of which it was told that they are waited for. */
  readonly #awaited = new Set<string>();
  /** Batches of others that only looked like ours. */
  readonly #others = new Set<string>();
  /** How often `create` may have been called for a batch. */
  readonly #tries = new Map<string, number>();

  /** Whether a batch was over when it was made, so that a look is due at once. */
  #isDue = false;

  /** `carriesTwice` tells whether the money carries a batch once more than it is counted already. */
  constructor(run: BatchRun, carriesTwice: (batch: StandingBatch) => boolean) {
    this.#run = run;
    this.#carriesTwice = carriesTwice;
  }

  /** A batch that was planned just now. */
  setUntried(batch: string): void {
    this.#untried.add(batch);
    this.#tries.set(batch, 0);
  }

  /** How often a batch may be there in the end: each time that it is paid for must fit. */
  timesAtMost({ batch, copies }: StandingBatch): number {
    return Math.max(1, copies.length, this.#tries.get(batch) ?? 1);
  }

  /** To be told when all that is open is looked at. */
  beginLook(): void {
    this.#isDue = false;
  }

  /** Milliseconds until the next look that is due; undefined when none is. */
  nextLook(now: number): number | undefined {
    if (this.#isDue) return 0;
    const due = [...this.#missedAt.values()].map((at) => at + LISTING_LAG - now).filter((wait) => wait > 0);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Whether a batch has to be looked for before it is made. */
  isDoubtful({ batch }: StandingBatch): boolean {
    return !this.#untried.has(batch);
  }

  /**
   * Goes one step on with a batch that has no id yet. `listed` are the batches that the service has just told of.
   * Rejects with a ChatError when the service gave no answer, or refused the batch.
   */
  async advance(standing: StandingBatch, listed: readonly ProviderBatch[]): Promise<void> {
    let batch = standing;
    const { store } = this.#run.service;
    if (store !== undefined && batch.upload === undefined) {
      const input = inputOf(this.#run, batch);
      const known = this.#untried.has(batch.batch) ? undefined : await store.find(input);
      const upload = known ?? (await store.put(input));
      await this.#run.keepEvent({ event: "uploaded", batch: batch.batch, file: upload });
      // No batch can have been made of a file that was not there.
      if (known === undefined) this.setUntried(batch.batch);
      batch = { ...batch, upload };
    }
    if (this.isDoubtful(batch) && (await this.#isFoundOrWaits(batch, listed))) return;
    await this.#create(batch);
  }

  /** Whether a batch was found, or may still be; false when it is safe to make it. */
  async #isFoundOrWaits(batch: StandingBatch, listed: readonly ProviderBatch[]): Promise<boolean> {
    const ours = listed.filter(
      ({ mark, inputFile }) =>
        mark === batch.batch || (inputFile !== undefined && inputFile === batch.upload),
    );
    for (const { id } of ours) await this.created(batch.batch, id);
    if (ours.length > 0) return true;
    if (this.#run.service.store === undefined && (await this.#isAmongNameless(batch, listed))) return true;
    const now = this.#run.options.clock.now();
    const missedAt = this.#missedAt.get(batch.batch);
    if (missedAt === undefined) {
      this.#missedAt.set(batch.batch, now);
      return true;
    }
    if (now - missedAt < LISTING_LAG) return true;
    return !this.#mayMakeAgain(batch, now - missedAt);
  }

  /** Whether a batch that was not found for so long may be made: it may be there all the same, and then costs twice. */
  #mayMakeAgain(batch: StandingBatch, missed: number): boolean {
    if (missed >= SURELY_LISTED) this.setUntried(batch.batch);
    if (!this.isDoubtful(batch) || this.#carriesTwice(batch)) return true;
    if (!this.#awaited.has(batch.batch)) {
      this.#run.note(
        `Batch ${batch.batch} may have been made, and the limit does not carry it twice: it is made again when no list has shown it for an hour.`,
      );
      this.#awaited.add(batch.batch);
    }
    return false;
  }

  /** Looks for a batch whose service knows no names: by time, number of requests, and the ids in its answers. */
  async #isAmongNameless(batch: StandingBatch, listed: readonly ProviderBatch[]): Promise<boolean> {
    const known = new Set(
      [...this.#run.standing.batches.values()].flatMap(({ copies }) => copies.map(({ id }) => id)),
    );
    const alike = listed.filter(
      ({ id, createdAt, requests }) =>
        !known.has(id) &&
        !this.#others.has(id) &&
        createdAt >= batch.plannedAt - CLOCK_SKEW &&
        requests === batch.requests,
    );
    let mayBe = false;
    for (const each of alike) {
      if (each.phase === "open") {
        mayBe = true;
        continue;
      }
      if (await this.#isOurs(batch, each)) {
        await this.created(batch.batch, each.id);
        return true;
      }
      this.#others.add(each.id);
    }
    return mayBe;
  }

  /** Whether the first answer that can be read is to a request of ours. Rejects when there are answers and none can. */
  async #isOurs({ batch }: StandingBatch, { files }: ProviderBatch): Promise<boolean> {
    const { service } = this.#run;
    let hasLines = false;
    for (const file of files) {
      for await (const { bytes = Buffer.alloc(0) } of byteLines(service.fetch(file), LONGEST_LINE)) {
        const answer = service.readAnswer(bytes.toString("utf8"));
        if (answer !== undefined) return readCustomId(answer.customId)?.batch === batch;
        hasLines ||= bytes.length > 0;
      }
    }
    if (hasLines)
      throw new ChatError("bad-reply", `${service.name} gave answers of a batch that cannot be read`);
    return false;
  }

  async #create(batch: StandingBatch): Promise<void> {
    const { batch: id, upload } = batch;
    this.#untried.delete(id);
    this.#missedAt.delete(id);
    const earlier = this.#tries.get(id) ?? 1;
    this.#tries.set(id, earlier + 1);
    try {
      const made = await this.#run.service.create(inputOf(this.#run, batch), upload);
      this.#isDue ||= made.phase === "ended";
      await this.created(id, made.id);
    } catch (error) {
      // A clear no has made nothing, but what was tried before may be there, and be why there is no room.
      const isShown = this.#run.options.clock.now() - batch.plannedAt > SURELY_LISTED;
      if (error instanceof ChatError && isClearNo(error) && (earlier === 0 || isShown)) this.setUntried(id);
      throw error;
    }
  }

  async created(batch: string, id: string): Promise<void> {
    const at = new Date(this.#run.options.clock.now()).toISOString();
    this.#missedAt.delete(batch);
    await this.#run.keepEvent({ event: "created", batch, id, at });
  }
}

/** Whether a service has surely made nothing: it answered, and refused. */
function isClearNo({ code, status }: ChatError): boolean {
  if (code === "rejected-request" || code === "unauthorized" || code === "no-credit" || code === "not-found")
    return true;
  return code === "rate-limited" && status === 429;
}

/** Whether a refusal of a batch means that there is no room for it now. */
export function isFull({ message }: ChatError): boolean {
  return /token_limit_exceeded|enqueued/i.test(message);
}

/** Whether a refusal of a batch means that it is too large. */
export function isTooLarge({ status }: ChatError): boolean {
  return status === 413;
}
