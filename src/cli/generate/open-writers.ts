import {
  isBatched,
  type ModelChoice,
  type RunSettings,
  type WriterChoice,
} from "../../config/run-settings.ts";
import type { WriterConfig } from "../../config/writers.ts";
import type { ChatModel } from "../../model/chat-model.ts";
import { Ledger } from "../../model/ledger.ts";
import type { LimiterSnapshot } from "../../model/limiter.ts";
import type { Price } from "../../model/prices.ts";
import type { CallActivity } from "../../model/stack.ts";
import { shellWord } from "../../printable.ts";
import type { Writer, Writers } from "../../synthesis/writers.ts";
import { UsageError } from "../failure.ts";
import type { RunModel } from "../run/open-model.ts";
import { requireOwnKey, type Session } from "../run/session.ts";
import { CallLog } from "../terminal/call-log.ts";

/** What a run's calls are answered by: one model, or several writers. */
export interface OpenedRun extends Omit<RunModel, "model"> {
  readonly model: ChatModel | Writers;
}

/** How one writer of a run is asked: what is its own over what holds for all, whose server is not that of one elsewhere. */
export function choiceOf({ model }: RunSettings, name: string, writer: WriterChoice): ModelChoice {
  const { share: _share, for: _for, ...own } = writer;
  const { baseUrl: _url, apiKeyEnv: _key, headers: _headers, provider: _protocol, ...asked } = model;
  return { ...(isElsewhere(writer) ? asked : model), ...own, name };
}

/** Whether a writer has a server of its own, to which nothing goes that is said of the server of all. */
function isElsewhere({ baseUrl, provider }: WriterChoice): boolean {
  return baseUrl !== undefined || provider !== undefined;
}

/** Refuses flags for batches where none are asked: who gives them counts on the price of batches. */
function requireBatched(settings: RunSettings, { batchFlags: [flag] }: Session): void {
  if (flag === undefined || isBatched(settings)) return;
  throw new UsageError(`${flag} is for runs in batches, and this one is asked live`, {
    fix: "Leave it out, or begin a run with --batch or --batch-files.",
  });
}

/**
 * Refuses what is said of the batches of a run without them, and what is said for all writers and would send a secret of
 * one server to others, or price all alike.
 */
export function requireFit(settings: RunSettings, session: Session): void {
  requireBatched(settings, session);
  const { model, writers } = settings;
  const { options, baseUrl } = session;
  if (writers === undefined) return;
  const give = (what: string): string => `Give each writer its own, such as --writer "NAME ${what}".`;
  if (options.price !== undefined)
    throw new UsageError("--price is of one model, and there are several", { fix: give("price=2.5,10") });
  if (model.baseUrl !== undefined) return;
  if (baseUrl !== undefined)
    throw new UsageError("--base-url moves the server of all writers, and they have none in common", {
      fix: give("base-url=http://…"),
    });
  if (model.apiKeyEnv !== undefined)
    throw new UsageError("--api-key-env is for one server, and the writers may have several", {
      fix: `${give(`api-key-env=${model.apiKeyEnv}`)} Or give the --base-url of all.`,
    });
  if (model.headers !== undefined)
    throw new UsageError("--header is for one server, and the writers may have several", {
      fix: "Give it with its writer in a config file, or give the --base-url of all.",
    });
}

/** What was said of a writer for this part of the run. */
function sayingOf({ options }: Pick<Session, "options">, name: string): WriterConfig {
  return options.writers?.[name] ?? {};
}

/** What may be said of a writer when its run is resumed. */
const AT_RESUME: readonly string[] = ["baseUrl", "apiKeyEnv", "headers", "concurrency", "price"];

/** Refuses what a flag of `resume` says of a writer and cannot be changed any more. */
export function requireDriving(flags: Readonly<Record<string, WriterConfig>> | undefined): void {
  for (const [name, said] of Object.entries(flags ?? {})) {
    const fixed = Object.keys(said).find((key) => !AT_RESUME.includes(key));
    if (fixed === undefined) continue;
    throw new UsageError(`the ${fixed} of the writer ${name} was fixed when the run was started`, {
      fix: "Of a writer, resume takes base-url, api-key-env, concurrency and price.",
    });
  }
}

/** Refuses what is said of a writer that the run has not. */
export function requireKnown({ writers = {} }: RunSettings, { options }: Session): void {
  const unknown = Object.keys(options.writers ?? {}).find((name) => !Object.hasOwn(writers, name));
  if (unknown === undefined) return;
  const names = Object.keys(writers).join(", ");
  throw new UsageError(`the run has no writer ${unknown}${names === "" ? "" : `; it has ${names}`}`, {
    fix: "Leave it out, or start a new run in another folder.",
  });
}

/** Refuses to send keys to servers that only the folder names: see {@link requireOwnKey}. */
export function requireOwnKeys({ writers = {} }: RunSettings, session: Session): void {
  for (const [name, saved] of Object.entries(writers)) {
    requireOwnKey(
      saved,
      sayingOf(session, name),
      (key) => `--writer ${shellWord(`${name} api-key-env=${key}`)}`,
    );
  }
}

/** What a command that resumes must be given again of writers: see `givenAgain`. Headers stand in a config file. */
export function writersAgain({ writers = {} }: RunSettings, session: Pick<Session, "options">): string {
  return Object.entries(writers)
    .flatMap(([name, saved]) => {
      const { baseUrl } = sayingOf(session, name);
      const moved = baseUrl !== undefined && baseUrl !== saved.baseUrl ? [`base-url=${baseUrl}`] : [];
      const hasOwnKey = saved.baseUrl !== undefined && saved.apiKeyEnv !== undefined;
      const words = [...moved, ...(hasOwnKey ? [`api-key-env=${saved.apiKeyEnv}`] : [])];
      return words.length === 0 ? [] : [` --writer ${shellWord([name, ...words].join(" "))}`];
    })
    .join("");
}

/** How a run is driven as far as one of its writers goes. */
export function sessionOfWriter({ writers = {} }: RunSettings, session: Session, name: string): Session {
  const { concurrency, price, headers, baseUrl } = sayingOf(session, name);
  const { baseUrl: ofAll, ...others } = session;
  const address = baseUrl ?? (isElsewhere(writers[name] ?? {}) ? undefined : ofAll);
  const { price: _ofAll, ...options } = session.options;
  const lowered = Object.entries(headers ?? {}).map(([header, value]) => [header.toLowerCase(), value]);
  return {
    ...others,
    options: {
      ...options,
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(price === undefined ? {} : { price }),
    },
    headers: { ...session.headers, ...Object.fromEntries(lowered) },
    ...(address === undefined ? {} : { baseUrl: address }),
  };
}

/** What the calls of several models do together. */
function together(activities: readonly CallActivity[]): CallActivity {
  const sum = (of: (activity: CallActivity) => number): number =>
    activities.reduce((all, each) => all + of(each), 0);
  const silent = activities.filter(({ running }) => running > 0).map(({ silentFor }) => silentFor);
  const failure = activities.find(({ lastFailure }) => lastFailure !== undefined)?.lastFailure;
  return {
    running: sum(({ running }) => running),
    retried: sum(({ retried }) => retried),
    retrying: sum(({ retrying }) => retrying),
    ...(failure === undefined ? {} : { lastFailure: failure }),
    silentFor: silent.length === 0 ? 0 : Math.min(...silent),
    streamedCharacters: sum(({ streamedCharacters }) => streamedCharacters),
  };
}

/** The limits of several models together; the longest pause is told of. */
function allLimits(limits: readonly LimiterSnapshot[]): LimiterSnapshot {
  const sum = (of: (limit: LimiterSnapshot) => number): number =>
    limits.reduce((all, each) => all + of(each), 0);
  const paused = Math.max(0, ...limits.map((limit) => limit.paused));
  const because = limits.find((limit) => limit.paused === paused)?.pausedBecause;
  return {
    limit: sum(({ limit }) => limit),
    running: sum(({ running }) => running),
    waiting: sum(({ waiting }) => waiting),
    paused,
    ...(because === undefined ? {} : { pausedBecause: because }),
    throttled: sum(({ throttled }) => throttled),
  };
}

/** Opens one model of a run, beside others with which it shares its log and its money. */
type OpenOne = (
  choice: ModelChoice,
  session: Session,
  money: { readonly price: Price | undefined; readonly spent: number },
  beside: Pick<RunModel, "log" | "ledger">,
) => Promise<RunModel>;

/** The models of a run that several write, opened by `openOne`. Throws AgentRefineError. */
export async function openWriters(
  settings: RunSettings,
  session: Session,
  money: { readonly priceOf: (name: string) => Price | undefined; readonly spent: number },
  openOne: OpenOne,
): Promise<OpenedRun> {
  const { maxCost } = session.options;
  const { spent, priceOf } = money;
  const beside = { log: new CallLog(), ledger: new Ledger(maxCost, spent) };
  const opened: { readonly name: string; readonly writer: Writer; readonly model: RunModel }[] = [];
  for (const [name, said] of Object.entries(settings.writers ?? {})) {
    const price = priceOf(name);
    if (maxCost !== undefined && price === undefined)
      throw new UsageError(`a cost limit needs the price of ${name}, which is not known`, {
        fix: `Give it with --writer ${shellWord(`${name} price=PROMPT,COMPLETION`)} (dollars for a million tokens) or in a price list.`,
      });
    const choice = choiceOf(settings, name, said);
    const model = await openOne(choice, sessionOfWriter(settings, session, name), { price, spent }, beside);
    const { share, for: calls } = said;
    const { concurrency } = model;
    // A package of the AI SDK names its model otherwise than the run does.
    const own: ChatModel = { name, chat: (request, options) => model.model.chat(request, options) };
    const writer = { model: own, share, for: calls, concurrency, maxTokens: choice.maxTokens };
    opened.push({ name, writer, model });
  }
  const models = opened.map(({ model }) => model);
  const onWire = models.filter(({ activity }) => activity !== undefined);
  return {
    ...beside,
    model: { seed: settings.seed, writers: opened.map(({ writer }) => writer) },
    concurrency: models.reduce((sum, { concurrency }) => sum + concurrency, 0),
    costOf: (usage, asked) => opened.find(({ name }) => name === asked)?.model.costOf(usage) ?? null,
    activity:
      onWire.length === 0 ? undefined : () => together(onWire.flatMap(({ activity }) => activity?.() ?? [])),
    limiter:
      onWire.length === 0 ? undefined : () => allLimits(onWire.flatMap(({ limiter }) => limiter?.() ?? [])),
    onNote: (listener) => {
      for (const { name, model } of opened) model.onNote((note) => listener(`${name}: ${note}`));
    },
    end: (reason) => {
      for (const { end } of models) end(reason);
    },
  };
}
