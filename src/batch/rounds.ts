import { randomBytes } from "node:crypto";
import { defined } from "../defined.ts";
import { AgentRefineError, shortWords } from "../errors.ts";
import type { BatchRefusal, ProviderBatch } from "../model/batch/batch-service.ts";
import { ChatError, isRepeatable, needsTheUser } from "../model/chat-model.ts";
import { customId, requestsOf } from "./batch-folder.ts";
import type { BatchOptions, BatchRun } from "./batch-run.ts";
import { type Chosen, chooseRequests, fits, type Purse } from "./choose-requests.ts";
import { CLOCK_SKEW, Establishing, isFull, isTooLarge, WIDEST_SKEW } from "./establish.ts";
import { Fetching } from "./fetch-answers.ts";
import { type BatchCopy, openBatches, type StandingBatch } from "./standing.ts";
import { takeAnswers } from "./take-answers.ts";

/** Milliseconds between two looks at the service, at first and at most. */
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 300_000;
/** Looks in a row that may fail before the run pauses. */
const MOST_FAILURES = 10;
const HOUR = 3_600_000;

/** How rounds ended: everything is over, something waits at the service, or little is left for a live end. */
export type RoundsEnd = "done" | "waiting" | "few-left";

/**
 * Drives those who ask through a batch service. Rounds belong to each of them: as soon as a batch has ended, the next
 * requests of those who had asked in it go into the next one, whatever the others wait for.
 */
export class Rounds {
  readonly #run: BatchRun;
  readonly #purse: () => Purse;
  readonly #establishing: Establishing;
  readonly #fetching: Fetching;
  readonly #total: number;
  /** Bytes and prompt tokens that the service has shown to take. */
  #mostBytes: number;
  #mostTokens = Number.POSITIVE_INFINITY;
  /** Whether the service had no room; ends when a batch ends. */
  #isFull = false;
  #failures = 0;
  readonly #canceled = new Set<string>();

  /** `purse` tells how the money stands now; `total` is how many ask in all. */
  constructor(run: BatchRun, purse: () => Purse, total: number) {
    this.#run = run;
    this.#total = total;
    this.#mostBytes = run.service.limits.bytes;
    this.#establishing = new Establishing(run, ({ reserve }) => fits(this.#purse(), reserve ?? 0));
    this.#fetching = new Fetching(run);
    this.#purse = purse;
  }

  /** The most that open batches can still cost, in dollars: each as often as it may be there in the end. */
  get reserved(): number {
    return openBatches(this.#run.standing).reduce(
      (sum, each) => sum + (each.reserve ?? 0) * this.#establishing.timesAtMost(each),
      0,
    );
  }

  /** Milliseconds until a look that is due before the usual one; undefined when none is. */
  nextLook(now: number): number | undefined {
    return this.#establishing.nextLook(now);
  }

  /** How far they are; `making` while it is not known whether a batch was made. */
  get state(): "done" | "few-left" | "making" | "waiting" {
    const { askers } = this.#run;
    const open = openBatches(this.#run.standing);
    if (open.length === 0 && askers.size === 0 && askers.isSourceEmpty) return "done";
    if (open.length === 0 && this.#isClosing()) return "few-left";
    return open.some(({ copies }) => copies.length === 0) ? "making" : "waiting";
  }

  /** Takes what has ended and submits what is to be asked. Whether anything has ended. */
  async turn(): Promise<boolean> {
    const { halt, askers } = this.#run;
    this.#establishing.beginLook();
    const moved = await this.#attempt(() => this.#look());
    await askers.admit();
    if (!this.#isClosing()) await this.#attempt(() => this.#submit());
    halt.signal.throwIfAborted();
    return moved === true;
  }

  /** Does what the service is needed for; a failure that may pass is left to the next look. */
  async #attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      const value = await work();
      this.#failures = 0;
      return value;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#failures += 1;
      if (!isRepeatable(error) || this.#failures >= MOST_FAILURES) this.#run.halt.pauseFor(error);
      else if (this.#failures === 1) this.#run.note(`The batch service gave no answer: ${error.message}.`);
      return undefined;
    }
  }

  /** Whether so few are left that they are to be asked live. */
  #isClosing(): boolean {
    const { askers, options } = this.#run;
    return options.liveModel !== undefined && askers.isSourceEmpty && askers.size * 100 < this.#total;
  }

  /** Looks at all open batches with one list, and takes what has ended. Whether anything has. */
  async #look(): Promise<boolean> {
    const open = openBatches(this.#run.standing);
    if (open.length === 0) return false;
    const skew = open.some(({ copies }) => copies.length === 0) ? WIDEST_SKEW : CLOCK_SKEW;
    const since = Math.min(...open.map(({ plannedAt }) => plannedAt)) - skew;
    const listed = await this.#run.service.list(since);
    await this.#adoptCopies(listed);
    let hasMoved = false;
    for (const { batch } of open) {
      const standing = this.#run.standing.batches.get(batch);
      if (standing === undefined) continue;
      if (standing.copies.length === 0) {
        await this.#establish(standing, listed);
        continue;
      }
      for (const copy of standing.copies) {
        this.#run.halt.signal.throwIfAborted();
        if (!copy.isTaken && (await this.#follow(batch, copy, listed))) hasMoved = true;
      }
    }
    return hasMoved;
  }

  /** Notes a batch that was made twice after all: both are paid for, so both are read. */
  async #adoptCopies(listed: readonly ProviderBatch[]): Promise<void> {
    for (const { mark, id } of [...listed].reverse()) {
      const batch = mark === undefined ? undefined : this.#run.standing.batches.get(mark);
      if (batch === undefined || batch.copies.some((copy) => copy.id === id)) continue;
      if (batch.copies.length === 0 && !batch.isRefused) continue;
      const [first] = batch.copies;
      this.#run.note(
        first === undefined
          ? `Batch ${batch.batch}, which was refused, is there all the same as ${id}: it is read.`
          : `Batch ${batch.batch} is there twice, as ${first.id} and ${id}: both are read.`,
      );
      await this.#establishing.created(batch.batch, id);
    }
  }

  /** Goes on with a batch that the service has made. Whether it is over now. */
  async #follow(batch: string, copy: BatchCopy, listed: readonly ProviderBatch[]): Promise<boolean> {
    const { service } = this.#run;
    if (copy.ended === undefined) {
      const now = listed.find(({ id }) => id === copy.id) ?? (await service.look(copy.id));
      if (now.phase === "open" || this.#fetching.isUnnamed(now)) {
        this.#run.seen(batch, now);
        await this.#cancelLate(copy, now);
        return false;
      }
      const { state, files, answered, replies, refusal } = now;
      const event = { event: "ended", batch, id: copy.id, state, files } as const;
      await this.#run.keepEvent({
        ...event,
        ...defined({ answered, replies }),
        ...(refusal === undefined ? {} : { refusal: refusal.words }),
      });
      this.#isFull = false;
      if (refusal !== undefined) {
        await this.#takeBack(batch, copy.id, refusal);
        return true;
      }
    }
    const [standing, ended] = this.#current(batch, copy.id);
    if (!(await this.#fetching.fetch(standing, ended))) return false;
    await takeAnswers(this.#run, ...this.#current(batch, copy.id));
    await this.#cleanUp(standing);
    return true;
  }

  /** The batch and its copy as they stand now. */
  #current(batch: string, id: string): readonly [StandingBatch, BatchCopy] {
    const standing = this.#run.standing.batches.get(batch);
    const copy = standing?.copies.find((each) => each.id === id);
    if (standing === undefined || copy === undefined) throw new Error(`batch ${batch} has no copy ${id}`);
    return [standing, copy];
  }

  /** Removes what nobody needs any more; the answers stay. */
  async #cleanUp({ batch, file, upload }: StandingBatch): Promise<void> {
    if (openBatches(this.#run.standing).some((open) => open.batch === batch)) return;
    await this.#run.folder.remove(file);
    if (upload !== undefined) await this.#run.service.store?.remove(upload).catch(() => undefined);
  }

  /** Asks for the end of a batch that takes too long, or that a live end is waiting for. */
  async #cancelLate({ id, createdAt }: BatchCopy, { state }: ProviderBatch): Promise<void> {
    const { clock, hours = 20 } = this.#run.options;
    // What the user runs himself is his to end.
    const isLate = clock.now() - createdAt >= hours * HOUR && this.#run.service.byHand === undefined;
    if ((!isLate && !this.#isClosing()) || this.#canceled.has(id) || /cancel/.test(state)) return;
    this.#canceled.add(id);
    try {
      await this.#run.service.cancel(id);
    } catch (error) {
      // It may have ended meanwhile, which the next look shows.
      if (!(error instanceof ChatError) || needsTheUser(error)) throw error;
      if (isRepeatable(error)) this.#canceled.delete(id);
      return;
    }
    this.#run.note(
      isLate
        ? `A batch has been open for ${hours} hours: what is open of it is canceled and asked again.`
        : "Few personas are left: what is open in batches is canceled and asked live.",
    );
  }

  /** Makes a batch at the service, or finds it there; what it refuses is taken back. */
  async #establish(batch: StandingBatch, listed: readonly ProviderBatch[]): Promise<void> {
    try {
      await this.#establishing.advance(batch, listed);
    } catch (error) {
      // Of what may be there already nothing is known by a refusal to look, or to make it once more.
      if (!(error instanceof ChatError) || this.#establishing.isDoubtful(batch)) throw error;
      const isNo = !isRepeatable(error) || (error.code === "rate-limited" && isFull(error));
      if (!isNo) throw error;
      await this.#takeBackRefused(batch, error);
    }
  }

  /** Deals with a batch that was refused before there was one. */
  async #takeBackRefused(batch: StandingBatch, error: ChatError): Promise<void> {
    const words = shortWords(error.message);
    await this.#run.keepEvent({
      event: "ended",
      batch: batch.batch,
      state: "refused",
      files: [],
      refusal: words,
    });
    const isHalved = isTooLarge(error) && batch.requests > 1;
    if (isHalved) this.#mostBytes = Math.floor(batch.bytes / 2);
    const kind = isFull(error) ? "no-room" : "refused";
    const isTold = !isHalved && !needsTheUser(error);
    await this.#takeBack(batch.batch, undefined, isTold ? { kind, words } : undefined);
    if (!isHalved && needsTheUser(error)) this.#run.halt.pauseFor(error);
  }

  /** Puts the requests of a batch that was refused whole back into the queue; nothing of it was bought. */
  async #takeBack(batch: string, id: string | undefined, refusal: BatchRefusal | undefined): Promise<void> {
    const standing = this.#run.standing.batches.get(batch);
    if (standing === undefined) return;
    // Of two copies the other may have the answers.
    const isOver = openBatches(this.#run.standing).every((open) => open.batch !== batch);
    for (const call of isOver ? await requestsOf(this.#run.folder, standing.file) : []) {
      const waiting = await this.#run.askers.waitingFor(call);
      if (waiting !== undefined && this.#run.batchOf(call) === batch) this.#run.setBatch(call);
    }
    await this.#run.keepEvent({
      event: "taken",
      batch,
      kept: 0,
      again: [],
      ...defined({ id }),
    });
    await this.#cleanUp(standing);
    if (refusal !== undefined && isOver) this.#takeRefusal(standing, refusal);
  }

  #takeRefusal({ batch, requests, tokens }: StandingBatch, { kind, words }: BatchRefusal): void {
    const { standing, halt, note, service } = this.#run;
    if (kind === "no-room" && openBatches(standing).length > 0) {
      this.#isFull = true;
      note(`${service.name} has no room for more batches now (${words}); one has to end first.`);
    } else if (kind === "no-room" && requests > 1) {
      this.#mostTokens = Math.floor(tokens / 2);
      note(`${service.name} takes no batch of ${tokens} tokens (${words}); smaller ones are made.`);
    } else {
      halt.pauseFor(
        new AgentRefineError(
          `${service.name} refused batch ${batch} of ${requests} requests whole: ${words}`,
          {
            fix: "Nothing of it was bought. Put right what it names, then resume.",
          },
        ),
      );
    }
  }

  /** Makes batches of what is to be asked, as far as money and room allow. */
  async #submit(): Promise<void> {
    const { service, note, options } = this.#run;
    for (;;) {
      this.#run.halt.signal.throwIfAborted();
      const open = openBatches(this.#run.standing);
      if (this.#isFull || open.some(({ copies }) => copies.length === 0)) return;
      const chosen = this.#choose(open);
      if (chosen === undefined) return;
      const batch = await this.#plan(chosen);
      await this.#establish(batch, []);
      const commands = options.waits ? (service.byHand?.([batch.batch]) ?? []) : [];
      for (const command of commands) note(`To be run: ${command}`);
    }
  }

  /** The requests of the next batch; undefined when there are none, or there is no room for one. */
  #choose(open: readonly StandingBatch[]): Chosen | undefined {
    const { options, service, halt } = this.#run;
    const { chosen, refusal } = chooseRequests(this.#run.toAsk(), {
      service,
      worstOf: options.worstOf,
      purse: this.#purse(),
      bytes: this.#mostBytes,
      requests: Math.min(options.mostRequests ?? 2000, service.limits.requests),
      tokens: this.#mostTokens - open.reduce((sum, { tokens }) => sum + tokens, 0),
      isAlone: open.length === 0,
    });
    if (chosen === undefined && refusal !== undefined && open.length === 0) halt.pauseFor(refusal);
    return chosen;
  }

  async #plan({ requests, tokens, reserve }: Chosen): Promise<StandingBatch> {
    const { folder, service, options, by } = this.#run;
    // 40 bits by chance.
    const batch = randomBytes(5).toString("hex");
    const lines = (function* (): Generator<string> {
      for (const each of requests) yield `${service.line(customId(each, batch), each.ask)}\n`;
    })();
    const { file, bytes, sha256 } = await folder.keep(`${batch}.requests.jsonl`, lines);
    const at = new Date(options.clock.now()).toISOString();
    await this.#run.keepEvent({
      event: "planned",
      batch,
      at,
      service: service.name,
      model: options.model,
      file,
      sha256,
      ...defined({ by }),
      requests: requests.length,
      bytes,
      tokens,
      reserve,
    });
    for (const each of requests) this.#run.setBatch(each, batch);
    this.#establishing.setUntried(batch);
    const standing = this.#run.standing.batches.get(batch);
    if (standing === undefined) throw new Error("a batch that was planned stands among the batches");
    return standing;
  }
}

/** Works until nothing is left, or nothing can be done without waiting and nobody waits. */
export async function driveRounds(
  all: readonly Rounds[],
  { waits, clock }: Pick<BatchOptions, "waits" | "clock">,
  signal: AbortSignal,
): Promise<RoundsEnd> {
  let wait = FIRST_WAIT;
  for (;;) {
    let hasMoved = false;
    for (const rounds of all) hasMoved = (await rounds.turn()) || hasMoved;
    const states = all.map(({ state }) => state);
    if (states.every((state) => state === "done")) return "done";
    if (states.every((state) => state === "done" || state === "few-left")) return "few-left";
    if (!waits && !states.includes("making")) return "waiting";
    wait = hasMoved ? FIRST_WAIT : Math.min(LONGEST_WAIT, wait * 1.5);
    const now = clock.now();
    await clock.sleep(Math.min(wait, ...all.map((rounds) => rounds.nextLook(now) ?? wait)), signal);
  }
}
