import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { defined } from "../defined.ts";
import { duration, oneDigit, wholeNumber } from "../numbers.ts";
import {
  ChatError,
  type ChatModel,
  type ChatOptions,
  type ChatReply,
  type ChatRequest,
} from "./chat-model.ts";

/**
 * What a log tells of one request to the model.
 * - `sent`, `retried`: it goes out, for the first time or again.
 * - `slow`: it has been on the wire for a minute.
 * - `answered`: its reply is there; `finish` is "aborted" when it was stopped at a fault.
 * - `refused`: it got none; `code` and `message` say why.
 * - `ended`: the program ended it.
 */
type CallEventKind = "sent" | "retried" | "slow" | "answered" | "refused" | "ended";

/** One line of `log.jsonl`; a note of the program has the event `note` and a message. */
export interface LogEvent {
  /** When, as an ISO date in UTC. */
  readonly at: string;
  readonly event: CallEventKind | "note";
  /** What the request is for, such as a persona's id and the number of its call. */
  readonly call?: string;
  /** Which attempt at the call, from 1. */
  readonly attempt?: number;
  /** Seconds since it was sent. */
  readonly seconds?: number;
  readonly finish?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** Characters that have come so far. */
  readonly characters?: number;
  readonly code?: string;
  readonly status?: number;
  readonly message?: string;
}

/** The name of the file in the folder of a run or an evaluation. */
const LOG_FILE = "log.jsonl";
const SLOW = 60_000;
/** Milliseconds for which lines are gathered before they are written: each write wakes a thread. */
const GATHERING = 100;

/** An event as a line for a person. */
export function eventLine(event: LogEvent): string {
  const { seconds = 0, attempt = 1, promptTokens = 0, completionTokens = 0, characters = 0 } = event;
  if (event.event === "note") return event.message ?? "";
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  const details: Readonly<Record<CallEventKind, string>> = {
    sent: "",
    retried: again,
    slow: ` for ${duration(seconds)}, ${wholeNumber(characters)} characters so far`,
    answered: ` after ${duration(seconds)}, ${wholeNumber(promptTokens)} + ${wholeNumber(completionTokens)} tokens, ${event.finish}${again}`,
    refused: ` after ${duration(seconds)}${again}: ${event.code}, ${event.message}`,
    ended: ` after ${duration(seconds)}`,
  };
  return `${event.at.slice(11, 19)} ${event.call ?? "call"} ${event.event}${details[event.event]}`;
}

/**
 * The log of a run or an evaluation: a line for each thing that happens to its requests, appended to a file in its
 * folder. Nothing is ever read from it, so that what cannot be written of it is no reason to end a run.
 */
export class CallLog {
  readonly #now: () => number;
  readonly #attempts = new WeakMap<ChatRequest, number>();
  #directory: string | undefined;
  #file: WriteStream | undefined;
  #gathered = "";
  #tell: ((line: string) => void) | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Writes from now on, into a folder, and to `tell` too when it is given. */
  open(directory: string, tell?: (line: string) => void): void {
    this.#directory = directory;
    this.#tell = tell;
  }

  /** Keeps what was told to the user; it is not told again. */
  note(message: string): void {
    this.#write({ at: this.#at(), event: "note", message });
  }

  /** Waits until all is in the file. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#directory = undefined;
    this.#tell = undefined;
    if (file === undefined) return;
    file.end(this.#gathered);
    this.#gathered = "";
    await finished(file).catch(() => undefined);
  }

  /** A model whose requests are logged, each attempt by itself. */
  watch(model: ChatModel): ChatModel {
    return { name: model.name, chat: (request, options = {}) => this.#chat(model, request, options) };
  }

  async #chat(model: ChatModel, request: ChatRequest, options: ChatOptions): Promise<ChatReply> {
    const attempt = (this.#attempts.get(request) ?? 0) + 1;
    this.#attempts.set(request, attempt);
    const began = this.#now();
    let characters = 0;
    const log = (event: CallEventKind, details: Partial<LogEvent> = {}): void => {
      const seconds = event === "sent" || event === "retried" ? {} : { seconds: this.#since(began) };
      const call = options.label === undefined ? {} : { call: options.label };
      this.#log({ at: this.#at(), event, ...call, attempt, ...seconds, ...details });
    };
    const progress = (more: number): void => {
      characters += more;
      options.progress?.(more);
    };
    log(attempt === 1 ? "sent" : "retried");
    const slow = setTimeout(() => log("slow", { characters }), SLOW);
    try {
      const reply = await model.chat(request, { ...options, progress });
      const { promptTokens, completionTokens } = reply.usage;
      log("answered", { finish: reply.finish, promptTokens, completionTokens });
      return reply;
    } catch (error) {
      if (error instanceof ChatError) {
        const { code, message, status } = error;
        log("refused", { code, message, ...defined({ status }) });
      } else log("ended");
      throw error;
    } finally {
      clearTimeout(slow);
    }
  }

  #log(event: LogEvent): void {
    this.#write(event);
    this.#tell?.(eventLine(event));
  }

  #write(event: LogEvent): void {
    if (this.#directory === undefined) return;
    // Not before there is something to write: a run of the offline author has no log.
    this.#file ??= createWriteStream(`${this.#directory}/${LOG_FILE}`, { flags: "a" }).on("error", () => {
      this.#directory = undefined;
    });
    if (this.#gathered === "") setTimeout(() => this.#flush(), GATHERING).unref();
    this.#gathered += `${JSON.stringify(event)}\n`;
  }

  #flush(): void {
    if (this.#gathered !== "") this.#file?.write(this.#gathered);
    this.#gathered = "";
  }

  #at(): string {
    return new Date(this.#now()).toISOString();
  }

  #since(began: number): number {
    return Number(oneDigit((this.#now() - began) / 1000));
  }
}
