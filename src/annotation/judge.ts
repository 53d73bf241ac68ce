import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { storageError } from "../errors.ts";
import {
  ChatError,
  type ChatModel,
  type ChatRequest,
  isRepeatable,
  needsTheUser,
} from "../model/chat-model.ts";
import type { CostOf } from "../model/money.ts";
import { withReasoningApart } from "../model/reasoning.ts";
import { boughtCallSchema, replyFields, requestHash } from "../model/reply.ts";
import { type Pause, RunHalt } from "../model/run-halt.ts";
import { type Journal, openJournal, type RecordKind, readRecords } from "../runs/journal.ts";
import { lockFolder } from "../runs/lock.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import { type Annotator, annotatorNameSchema } from "./annotation.ts";
import { appendAnnotation, readAnnotations } from "./annotation-file.ts";
import { type AcceptedRun, type DrawnTurn, type DrawSettings, drawTurns } from "./draw.ts";
import { judgeRequest, verdictOf } from "./judge-prompt.ts";
import { readJudgedTurn } from "./judged-turn.ts";
import { blindVerdict } from "./judgements.ts";
import type { TurnVerdict } from "./verdict.ts";

/** Checks a line of what was bought from judges. */
const judgeCallSchema = z
  .object({
    /** The model that judged. */
    by: annotatorNameSchema,
    /** The id of the trajectory, and the number of the turn. */
    id: z.string(),
    turn: z.int().nonnegative(),
  })
  .and(boughtCallSchema);

/** What a judge was asked and what it replied: a line of `judging/calls.jsonl` in a run. */
export type JudgeCall = Readonly<z.infer<typeof judgeCallSchema>>;

const CALLS: RecordKind<JudgeCall> = {
  schema: judgeCallSchema,
  name: "a judge's call",
  removal: "its reply may then be bought again",
};

/** The folder in a run that keeps what was bought from judges; it has a lock of its own, so that a run may go on. */
export function judgingFolder({ directory }: Pick<RunFolder, "directory">): string {
  return join(directory, "judging");
}

function callsPath(run: RunFolder): string {
  return join(judgingFolder(run), "calls.jsonl");
}

/** How the judging stands. */
export interface JudgingView {
  /** Turns that were drawn. */
  readonly drawn: number;
  readonly verdicts: Readonly<Record<TurnVerdict, number>>;
  /** Replies without a verdict. */
  readonly unread: number;
  /** Turns that got no reply. */
  readonly failed: number;
  readonly spending: Readonly<Spending>;
}

/** What judges have cost; dollars are null as soon as a price is unknown. */
interface Spending {
  tokens: number;
  completionTokens: number;
  cost: number | null;
}

/** What came of it. */
export interface JudgingResult extends JudgingView {
  /** Why it stopped before its end, when that needs the user. */
  readonly pause: Pause | undefined;
}

/** What {@link judgeTurns} needs. */
export interface JudgeOptions extends DrawSettings {
  readonly model: ChatModel;
  /** How many turns are judged at once. */
  readonly concurrency: number;
  /** Dollars for tokens; null when the price is unknown. */
  readonly costOf: CostOf;
  /** Whether replies without a verdict are bought again. */
  readonly retryFailed?: boolean | undefined;
  /** Ends the asking: calls on the wire finish and are kept. */
  readonly stop: AbortSignal;
  /** Milliseconds since 1970; the system's when not given. */
  readonly now?: (() => number) | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
  /** Called once before the first call, with what tells from then on how the judging stands. */
  readonly onStart?: ((view: () => JudgingView) => void) | undefined;
}

/** The judging of a run by one model. */
class Judging {
  readonly #run: AcceptedRun;
  readonly #options: JudgeOptions;
  readonly #halt: RunHalt<DrawnTurn>;
  readonly #journal: Journal;
  readonly #annotator: Annotator;
  /** The replies of this model that were bought before, by the hash of what it was asked. */
  readonly #bought = new Map<string, string>();
  /** How the judging stands: a {@link JudgingView} that grows. */
  readonly view;

  constructor(run: AcceptedRun, options: JudgeOptions, journal: Journal, drawn: number) {
    this.#run = run;
    this.#options = options;
    this.#journal = journal;
    this.#annotator = { by: options.model.name, judge: true };
    const spending: Spending = { tokens: 0, completionTokens: 0, cost: 0 };
    this.view = { drawn, verdicts: { right: 0, wrong: 0 }, unread: 0, failed: 0, spending };
    this.#halt = new RunHalt(options.stop, async () => {
      this.view.failed += 1;
    });
  }

  #spend({ usage, cost }: JudgeCall): void {
    const { spending } = this.view;
    const price = cost ?? this.#options.costOf(usage);
    spending.tokens += usage.promptTokens + usage.completionTokens;
    spending.completionTokens += usage.completionTokens;
    spending.cost = spending.cost === null || price === null ? null : spending.cost + price;
  }

  /** Reads what was bought and said before; gives the turns that are still to be judged. */
  async pending(turns: readonly DrawnTurn[]): Promise<readonly DrawnTurn[]> {
    const { model, retryFailed = false } = this.#options;
    for await (const call of readRecords(callsPath(this.#run.folder), CALLS)) {
      if (call.by !== model.name) continue;
      this.#spend(call);
      if (!("text" in call) || (retryFailed && verdictOf(call.text) === undefined)) continue;
      this.#bought.set(call.request, call.text);
    }
    const annotations = await readAnnotations(this.#run.folder.directory);
    return turns.filter((turn) => {
      const verdict = blindVerdict(annotations, this.#annotator, turn);
      if (verdict !== undefined) this.view.verdicts[verdict] += 1;
      return verdict === undefined;
    });
  }

  /** Judges turns, many at a time. Resolves with the reason of a pause, if there is one. */
  async judge(turns: readonly DrawnTurn[]): Promise<Pause | undefined> {
    const source = turns.values();
    const work = async (): Promise<void> => {
      for (const turn of source) {
        if (this.#halt.signal.aborted) return;
        await this.#judgeTurn(turn).catch((error: unknown) => this.#halt.take(error));
      }
    };
    await Promise.all(Array.from({ length: this.#options.concurrency }, work));
    return this.#halt.finish();
  }

  async #judgeTurn({ id, turn }: DrawnTurn): Promise<void> {
    const request = judgeRequest(await readJudgedTurn(this.#run, { id, turn }));
    const text = this.#bought.get(requestHash(request)) ?? (await this.#buy({ id, turn }, request));
    if (text === undefined) return;
    const verdict = verdictOf(text);
    if (verdict === undefined) {
      this.view.unread += 1;
      return;
    }
    const at = new Date((this.#options.now ?? Date.now)()).toISOString();
    const line = { kind: "turn", at, ...this.#annotator, id, turn, verdict, blind: true } as const;
    await this.#halt.keep(appendAnnotation(this.#run.folder.directory, line));
    this.view.verdicts[verdict] += 1;
  }

  /** Buys a reply and keeps it before it is used; undefined when there is none. */
  async #buy(turn: DrawnTurn, request: ChatRequest): Promise<string | undefined> {
    const { model, costOf } = this.#options;
    const identity = { by: model.name, ...turn, request: requestHash(request) };
    this.#halt.signal.throwIfAborted();
    try {
      const label = `${turn.id.slice(0, 6)}/${turn.turn}`;
      const reply = withReasoningApart(await model.chat(request, { label, stop: this.#halt.signal }));
      const call = { ...identity, ...replyFields(reply), cost: costOf(reply.usage) };
      await this.#halt.keepReply(this.#keep(call));
      return call.text;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      const { code, message, usage } = error;
      if (usage !== undefined)
        await this.#halt.keep(
          this.#keep({ ...identity, error: { code, message }, usage, cost: costOf(usage) }),
        );
      if (needsTheUser(error)) this.#halt.pauseFor(error);
      if (needsTheUser(error) || isRepeatable(error)) this.#halt.signal.throwIfAborted();
      this.#halt.fail(turn, error);
      return undefined;
    }
  }

  async #keep(call: JudgeCall): Promise<void> {
    await this.#journal.append(call);
    this.#spend(call);
  }
}

/**
 * Lets a model judge the turns of section 8, as an annotator like any other: it is given what people are shown, and its
 * verdicts are annotations. Each reply is kept in `judging/` before it is used, so that whoever is killed at any moment
 * resumes with the same call and buys none twice.
 *
 * @throws AgentRefineError when there is nothing to draw from, another process lets a judge work on the run, or the
 *   disk refuses
 */
export async function judgeTurns(run: AcceptedRun, options: JudgeOptions): Promise<JudgingResult> {
  const { turns } = await drawTurns(run, options);
  const folder = judgingFolder(run.folder);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw storageError(error, "create", folder);
  });
  await using lock = await lockFolder(folder, { note: options.onNote });
  const { lost } = lock;
  const journal = await openJournal(callsPath(run.folder), { sync: true, lost });
  try {
    const stop = AbortSignal.any([options.stop, lost]);
    const judging = new Judging(run, { ...options, stop }, journal, turns.length);
    const pending = await judging.pending(turns);
    options.onStart?.(() => judging.view);
    const pause = await judging.judge(pending);
    lost.throwIfAborted();
    return { ...judging.view, pause };
  } finally {
    await journal.close();
  }
}

/** What a model has cost as a judge of a run so far, in dollars; 0 where it is not known. */
export async function spentOnJudge(run: RunFolder, model: string, costOf: CostOf): Promise<number> {
  let spent = 0;
  for await (const { by, cost, usage } of readRecords(callsPath(run), CALLS)) {
    if (by === model) spent += cost ?? costOf(usage) ?? 0;
  }
  return spent;
}
