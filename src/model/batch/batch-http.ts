import type { Readable } from "node:stream";
import { type Dispatcher, errors, request as send } from "undici";
import { errorMessage } from "../../errors.ts";
import { endpointUrl, type Fields, parseFields } from "../call.ts";
import { ChatError } from "../chat-model.ts";
import { classifyFailure, redact } from "../failure.ts";
import { openDispatcher, readBeginning, readText } from "../http.ts";

/** Where a batch service is. */
interface BatchAddress {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Values that no error may show. */
  readonly secrets: readonly string[];
  /** Milliseconds that a service may take to answer; an upload of hundreds of megabytes takes its time. */
  readonly timeout?: number;
}

/** What is sent beside the address. */
interface Sending {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

const TIMEOUT = 600_000;
/** A page of a list; each batch has some kilobytes. */
const LONGEST_ANSWER = 64 * 1024 * 1024;
const LONGEST_REFUSAL = 64 * 1024;

/** A server without batches says that there is nothing at the address, so the error shows what was asked. */
function withAddress(error: ChatError, { origin, pathname }: URL): ChatError {
  if (error.code !== "not-found") return error;
  const message = `${error.message}, from ${origin}${pathname}; check the address, and whether it has a batch service`;
  return new ChatError(error.code, message, error.status === undefined ? {} : { status: error.status });
}

/** Calls to a batch service over HTTP, each made once. Rejects with a ChatError. */
export class BatchHttp {
  readonly host: string;
  readonly #address: BatchAddress;
  readonly #agent: Dispatcher;

  constructor(address: BatchAddress) {
    this.#address = address;
    this.host = new URL(address.baseUrl).host;
    this.#agent = openDispatcher(address.timeout ?? TIMEOUT);
  }

  /** The JSON object that a service answers with. */
  async json(path: string, sending: Sending = {}): Promise<Fields> {
    const body = await this.#open(path, sending);
    const { text, end } = await readText(body, LONGEST_ANSWER);
    const fields = parseFields(text);
    if (fields !== undefined) return fields;
    if (end !== "end") throw this.#broken(end);
    throw new ChatError("bad-reply", `${this.host} sent something that is not a JSON object`);
  }

  /** The bytes that a service answers with. */
  async *bytes(path: string): AsyncGenerator<Buffer, void, undefined> {
    const body = await this.#open(path, {});
    try {
      for await (const chunk of body) if (Buffer.isBuffer(chunk)) yield chunk;
    } catch (error) {
      throw this.#broken(error);
    }
  }

  async #open(path: string, { method = "GET", query = {}, body, headers = {} }: Sending): Promise<Readable> {
    const url = new URL(/^https?:/.test(path) ? path : endpointUrl(this.#address.baseUrl, path));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    try {
      const answer = await send(url, {
        method,
        headers: { "accept-encoding": "identity", ...this.#headersFor(url), ...headers },
        dispatcher: this.#agent,
        ...(body === undefined ? {} : { body }),
      });
      if (answer.statusCode >= 200 && answer.statusCode <= 299) return answer.body;
      const words = await readBeginning(answer.body, LONGEST_REFUSAL);
      const refusal = { status: answer.statusCode, headers: answer.headers, body: words };
      throw withAddress(classifyFailure(refusal, this.#address.secrets, Date.now()), url);
    } catch (error) {
      throw error instanceof ChatError ? error : this.#broken(error);
    }
  }

  /** A key goes to its own host: a service that names another for its results gets none. */
  #headersFor(url: URL): Readonly<Record<string, string>> {
    return url.host === this.host ? this.#address.headers : {};
  }

  #broken(error: unknown): ChatError {
    const isLate = error instanceof errors.HeadersTimeoutError;
    const words = redact(errorMessage(error), this.#address.secrets);
    return new ChatError(isLate ? "timeout" : "unreachable", `no answer from ${this.host}: ${words}`, {
      cause: error,
    });
  }
}
