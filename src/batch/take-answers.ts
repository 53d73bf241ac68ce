import type { AnswerOutcome, BatchAnswer } from "../model/batch/batch-service.ts";
import { wholeReply } from "../model/call.ts";
import { ChatError, isRepeatable, needsTheUser } from "../model/chat-model.ts";
import { HTTP_DEFAULTS } from "../model/http.ts";
import { type BatchedCall, callName, exactName, readCustomId, requestsOf } from "./batch-folder.ts";
import type { BatchRun, Waiting } from "./batch-run.ts";
import type { BatchCopy, StandingBatch } from "./standing.ts";

/** How often a call that got no answer in its batch is put into another. */
const MOST_AGAIN = 3;
/** Lines whose replies are kept together. */
const TOGETHER = 64;

/** How the calls of a batch name it: the second of two batches that were created for one has its number. */
function batchTag({ batch, copies }: StandingBatch, { id }: BatchCopy): string {
  const place = copies.findIndex((copy) => copy.id === id);
  return place <= 0 ? batch : `${batch}/${place + 1}`;
}

/**
 * Takes the answers of a batch that were fetched: keeps each reply, lets who waits for it go on, and puts what got no
 * answer back into the queue. Taking twice is harmless: a reply that is kept is known by its call and its batch.
 */
export async function takeAnswers(run: BatchRun, batch: StandingBatch, copy: BatchCopy): Promise<void> {
  const taking = new Taking(run, batch, batchTag(batch, copy), await requestsOf(run.folder, batch.file));
  for (const { file } of copy.fetched ?? []) await taking.takeFile(file);
  // What one of two copies has not answered the other may.
  const isLast = batch.copies.every(({ id, isTaken }) => isTaken || id === copy.id);
  const again = isLast ? await taking.takeRest() : [];
  taking.tellSecond();
  if (again.length > 0) {
    const of = `${again.length} of ${batch.requests} requests`;
    run.note(`Batch ${batch.batch} (${copy.ended?.state}): ${of} got no answer and are asked again.`);
  }
  await run.keepEvent({ event: "taken", batch: batch.batch, id: copy.id, kept: taking.kept, again });
  const { pause } = taking;
  if (pause !== undefined) run.halt.pauseFor(pause);
}

class Taking {
  /** Replies of this batch that stand in `calls.jsonl`. */
  kept = 0;
  /** What the user has to put right before anything more is asked. */
  pause: Error | undefined;
  readonly #run: BatchRun;
  readonly #batch: StandingBatch;
  readonly #tag: string;
  readonly #requests: readonly BatchedCall[];
  readonly #asked: ReadonlySet<string>;
  /** The calls of which this batch has a reply. */
  readonly #replied = new Set<string>();
  /** Why the others have none. */
  readonly #unanswered = new Map<string, Exclude<AnswerOutcome, { readonly kind: "reply" }>>();
  #second = 0;

  /** `requests` are none when they are gone, as for the second copy of a batch that is over. */
  constructor(run: BatchRun, batch: StandingBatch, tag: string, requests: readonly BatchedCall[]) {
    this.#run = run;
    this.#batch = batch;
    this.#tag = tag;
    this.#requests = requests;
    this.#asked = new Set(requests.map(exactName));
  }

  async takeFile(file: string): Promise<void> {
    const { service, folder } = this.#run;
    let together: BatchAnswer[] = [];
    for await (const line of folder.lines(file)) {
      const answer = service.readAnswer(line);
      if (answer === undefined) continue;
      together.push(answer);
      if (together.length < TOGETHER) continue;
      await this.#takeTogether(together);
      together = [];
    }
    await this.#takeTogether(together);
  }

  /** Deals with the requests that have no reply; gives the names of those that are asked again. */
  async takeRest(): Promise<readonly string[]> {
    const { askers, batchOf, setBatch } = this.#run;
    const again: string[] = [];
    for (const call of this.#requests) {
      if (this.#replied.has(callName(call))) continue;
      const waiting = await askers.waitingFor(call);
      if (waiting === undefined || batchOf(call) !== this.#batch.batch) continue;
      setBatch(call);
      if (this.#isAskedAgain(waiting)) again.push(callName(call));
    }
    return again;
  }

  /** Says what was bought twice. */
  tellSecond(): void {
    if (this.#second === 0) return;
    const [replies, are] = this.#second === 1 ? ["One reply", "is"] : [`${this.#second} replies`, "are"];
    this.#run.note(`${replies} of batch ${this.#tag} came a second time and ${are} counted as cost.`);
  }

  /** The replies are bought, so they are written at once and side by side; each is used only when it is kept. */
  async #takeTogether(answers: readonly BatchAnswer[]): Promise<void> {
    const results = await Promise.allSettled(answers.map((answer) => this.#take(answer)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #take({ customId, outcome }: BatchAnswer): Promise<void> {
    const call = readCustomId(customId);
    if (call === undefined || call.batch !== this.#batch.batch) return;
    // An answer to what was not asked is nobody's, whatever its id says.
    if (this.#requests.length > 0 && !this.#asked.has(exactName(call))) return;
    const name = callName(call);
    if (outcome.kind !== "reply") {
      this.#unanswered.set(name, outcome);
      return;
    }
    // A service may write a line twice; it is bought once.
    if (this.#replied.has(name)) return;
    this.#replied.add(name);
    this.kept += 1;
    if (this.#run.isKept(this.#tag, name)) return;
    const { askers, setBatch } = this.#run;
    const waiting = await askers.waitingFor(call);
    const reply = wholeReply(waiting?.ask ?? { messages: [] }, outcome.part, HTTP_DEFAULTS.maxReplyLength);
    if (waiting !== undefined) {
      await askers.take(waiting, reply, this.#tag);
      setBatch(call);
    } else if (await askers.takeSecond(call, reply.usage, this.#tag)) this.#second += 1;
  }

  /** Whether a request without a reply is asked again; else who waits for it fails, or the run pauses. */
  #isAskedAgain(waiting: Waiting): boolean {
    const { askers, standing, service } = this.#run;
    const outcome = this.#unanswered.get(callName(waiting));
    const error = outcome?.kind === "error" ? outcome.error : undefined;
    if (error !== undefined && needsTheUser(error)) {
      this.pause ??= error;
      return false;
    }
    const isRefused = error !== undefined && !isRepeatable(error) && !service.learn(error, waiting.ask);
    const tries = standing.again.get(callName(waiting)) ?? 0;
    if (!isRefused && tries < MOST_AGAIN) return true;
    const why = error?.message ?? (outcome?.kind === "unrun" ? outcome.why : "missing");
    const reason = isRefused ? why : `no answer in ${tries + 1} batches: ${why}`;
    askers.fail(waiting, reason, error ?? new ChatError("overloaded", reason));
    return false;
  }
}
