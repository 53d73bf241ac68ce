import type { Readable } from "node:stream";
import { type Dispatcher, errors, request as send } from "undici";
import { defined } from "../../defined.ts";
import { errorMessage } from "../../errors.ts";
import { endpointUrl, type Fields, isFields, parseFields, readText as textOf } from "../call.ts";
import { ChatError } from "../chat-model.ts";
import { redact } from "../failure.ts";
import { openDispatcher, readText, refusalOf, withAddress } from "../http.ts";
import type { BatchService, ProviderBatch } from "./batch-service.ts";

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

  /** The id of what a service tells of. */
  idOf(fields: Fields, what: string): string {
    const id = textOf(fields, "id");
    if (id === undefined) throw new ChatError("bad-reply", `${this.host} told of a ${what} without an id`);
    return id;
  }

  /**
   * What services do alike with batches below a path, as `read` reads each. `after` is the parameter that names the
   * last batch of the page before in a list.
   */
  batches(
    path: string,
    after: string,
    read: (fields: Fields) => ProviderBatch,
  ): Pick<BatchService, "list" | "look" | "cancel"> {
    const of = (id: string): string => `${path}/${encodeURIComponent(id)}`;
    return {
      list: (since) => this.#list(path, after, read, since),
      look: async (id) => read(await this.json(of(id))),
      cancel: async (id) => {
        await this.json(`${of(id)}/cancel`, { method: "POST" });
      },
    };
  }

  /**
   * One that was overlooked would be made again, so a page is the last only when it says so, brings nothing new, or is
   * surely older.
   */
  async #list(
    path: string,
    after: string,
    read: (fields: Fields) => ProviderBatch,
    since: number,
  ): Promise<readonly ProviderBatch[]> {
    const all = new Map<string, ProviderBatch>();
    for (let last: ProviderBatch | undefined; ; ) {
      const query = { limit: "100", ...(last === undefined ? {} : { [after]: last.id }) };
      const page = await this.json(path, { query });
      const batches = (Array.isArray(page.data) ? page.data : []).filter(isFields).map(read);
      const before = all.size;
      for (const each of batches) if (!all.has(each.id)) all.set(each.id, each);
      last = batches.at(-1);
      if (page.has_more === true && all.size > before && !isOlder(batches, since)) continue;
      return [...all.values()].filter(({ createdAt }) => createdAt >= since);
    }
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
        ...defined({ body }),
      });
      if (answer.statusCode >= 200 && answer.statusCode <= 299) return answer.body;
      const refusal = await refusalOf(answer, answer.body, this.#address.secrets);
      throw withAddress(refusal, url, "check the address, and whether it has a batch service");
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

/** Whether what follows a page was surely made before: it is so old, and the list has the newest first. */
function isOlder(page: readonly ProviderBatch[], since: number): boolean {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return true;
  return last.createdAt < since && first.createdAt >= last.createdAt;
}
