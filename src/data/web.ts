import type { Readable } from "node:stream";
import { type Dispatcher, errors, request } from "undici";
import { AgentRefineError, errorMessage, shortWords, systemErrorCode } from "../errors.ts";
import { openDispatcher, readText } from "../model/http.ts";

export interface Address {
  readonly url: string;
  /** Sent to the host of `url` alone, whatever it redirects to. */
  readonly authorization?: string | undefined;
}

/** An answer whose body has not been read. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  /** Headers of the first host, which may know what it redirects to. */
  readonly first: Dispatcher.ResponseData["headers"];
  readonly body: Readable;
}

/** Whether another attempt may do: `later` only where the host was there before. */
type Again = "never" | "later" | "always";

export class TransferError extends AgentRefineError {
  readonly again: Again;
  /** Milliseconds that the server asks to wait. */
  readonly wait: number;

  constructor(
    message: string,
    fix: string,
    more: { readonly again?: Again; readonly wait?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { fix, cause: more.cause });
    this.again = more.again ?? "never";
    this.wait = more.wait ?? 0;
  }
}

/** Closes a body that is not wanted. */
export function drop(body: Readable): void {
  // Closing a body that has not ended makes an error of its own, which nobody waits for.
  body.on("error", () => undefined).destroy();
}

const REDIRECTS = 8;
const CONNECT_TIME = 10_000;
const HEAD_TIME = 30_000;
const LONGEST_WAIT = 60_000;

const OFFLINE =
  "Check the network and HTTPS_PROXY, or give what another machine has with 'from' FILE or DIR.";
/** What to do when it broke in the middle. */
export const RESUMES = "Run the command again: it resumes.";

/** Codes with which systems say that a host cannot be reached now. */
const UNREACHABLE =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT)$/;
/** Codes of a connection that broke, or that said nothing. */
const BROKEN =
  /^(?:ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED|UND_ERR_(?:SOCKET|(?:HEADERS|BODY)_TIMEOUT|RES_CONTENT_LENGTH_MISMATCH))$/;

/** A file that its publisher no longer has where it was. */
export function noSuchFile(message: string): TransferError {
  return new TransferError(message, "It was moved or removed; give it with 'from' FILE, DIR or another URL.");
}

/** What a broken connection means. Whoever has had something of the file may try again. */
export function transferError(error: unknown, host: string): unknown {
  if (error instanceof AgentRefineError) return error;
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = parts.flatMap((part) => systemErrorCode(part) ?? []);
  const words = shortWords(parts.map(errorMessage).join("; "));
  if (codes.some((code) => UNREACHABLE.test(code))) {
    return new TransferError(`cannot reach ${host}: ${words}`, OFFLINE, { again: "later", cause: error });
  }
  if (codes.some((code) => BROKEN.test(code))) {
    const message = `the connection to ${host} broke: ${words}`;
    return new TransferError(message, RESUMES, { again: "always", cause: error });
  }
  if (error instanceof errors.UndiciError || codes.length > 0) {
    return new TransferError(`no answer from ${host}: ${words}`, OFFLINE, { cause: error });
  }
  return error;
}

function waitAsked(header: string | string[] | undefined): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, LONGEST_WAIT) : 0;
}

/** What a refusal of a host means. */
function refusal({ status, headers }: WebAnswer, { url, authorization }: Address): TransferError {
  const { host, pathname } = new URL(url);
  const said = `${host} answered ${status} for ${pathname}`;
  if (status === 401 || status === 403) {
    const fix =
      authorization === undefined
        ? "Set HF_TOKEN if the hub asks for one; else the network may forbid it: give it with 'from' FILE or DIR."
        : "Check the token or the password (HF_TOKEN, PIP_INDEX_URL), or give it with 'from' FILE or DIR.";
    return new TransferError(said, fix);
  }
  if (status === 404 || status === 410) return noSuchFile(said);
  const isBusy = status === 408 || status === 429 || status >= 500;
  const wait = isBusy ? waitAsked(headers["retry-after"]) : 0;
  return new TransferError(said, "Try again later: it resumes.", {
    again: isBusy ? "always" : "never",
    wait,
  });
}

function header(headers: WebAnswer["headers"], name: string): string {
  return String(headers[name] ?? "");
}

/** Where a redirection leads. A connection that was secure stays so. */
function redirected(answer: WebAnswer, from: URL): URL | undefined {
  const location = header(answer.headers, "location");
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === "") return undefined;
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isAllowed = to?.protocol === "https:" || (to?.protocol === "http:" && from.protocol === "http:");
  if (to === undefined || !isAllowed) {
    drop(answer.body);
    throw new TransferError(
      `${from.host} redirects to ${shortWords(location)}, where nothing may be fetched from`,
      "Give the file with 'from' FILE or DIR.",
    );
  }
  return to;
}

/** Fetching over HTTP, through the proxies of the environment. Closed after use. */
export class Web {
  readonly #agent = openDispatcher(HEAD_TIME, CONNECT_TIME);
  readonly #userAgent: string;
  readonly #signal: AbortSignal | undefined;

  constructor(version: string, signal?: AbortSignal) {
    this.#userAgent = `agentrefine/${version}`;
    this.#signal = signal;
  }

  /**
   * Asks for something, through redirections. Rejects with a {@link TransferError} when no host answers, or one
   * refuses; 416, the range that is not there, is an answer.
   */
  async get(address: Address, headers: Readonly<Record<string, string>> = {}): Promise<WebAnswer> {
    let url = new URL(address.url);
    const home = url.origin;
    let first: WebAnswer["headers"] | undefined;
    for (let hop = 0; hop <= REDIRECTS; hop += 1) {
      const isHome = url.origin === home && address.authorization !== undefined;
      const answer = await this.#ask(url, {
        ...headers,
        ...(isHome ? { authorization: address.authorization ?? "" } : {}),
      });
      first ??= answer.headers;
      const next = redirected(answer, url);
      if (next === undefined) {
        const isTaken = (answer.status >= 200 && answer.status < 300) || answer.status === 416;
        if (isTaken) return { ...answer, first };
        drop(answer.body);
        throw refusal(answer, { ...address, url: url.href });
      }
      drop(answer.body);
      url = next;
    }
    throw new TransferError(`${new URL(address.url).host} redirects without end`, OFFLINE);
  }

  async #ask(url: URL, headers: Readonly<Record<string, string>>): Promise<WebAnswer> {
    const signal = this.#signal;
    try {
      const answer = await request(url, {
        headers: { "user-agent": this.#userAgent, "accept-encoding": "identity", ...headers },
        dispatcher: this.#agent,
        signal: signal ?? null,
      });
      return { status: answer.statusCode, headers: answer.headers, first: answer.headers, body: answer.body };
    } catch (error) {
      signal?.throwIfAborted();
      throw transferError(error, url.host);
    }
  }

  /** A text of at most `limit` bytes. */
  async text(address: Address, headers: Readonly<Record<string, string>>, limit: number): Promise<string> {
    const { host } = new URL(address.url);
    const { text, end } = await readText((await this.get(address, headers)).body, limit);
    if (end === "end") return text;
    this.#signal?.throwIfAborted();
    if (end !== "limit") throw transferError(end, host);
    throw new TransferError(`${host} sent a page without end`, OFFLINE);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
