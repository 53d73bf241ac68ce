import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatMessage } from "../chat-model.ts";
import { anthropicDialect } from "./anthropic-dialect.ts";
import { openAiDialect } from "./openai-dialect.ts";
import type { ServedRefusal, ServedReply } from "./served-answer.ts";
import type { ServedBody, ServedDialect } from "./served-dialect.ts";

/** What becomes of a batch. */
export interface Fate {
  /** The batch is made and refused whole when it is looked at. */
  readonly refusal?: { readonly code: string; readonly message: string };
  /** Whether the line at a place, from 0, runs; the others are told as expired. All run when not given. */
  readonly runs?: (place: number) => boolean;
  /** A refusal of one line. */
  readonly refuses?: (place: number, customId: string) => ServedRefusal | undefined;
  /** Whether a line is in neither file, and was not run. */
  readonly loses?: (place: number) => boolean;
  /** Whether each line of answers stands twice in its file. */
  readonly twice?: boolean;
  /** Whether answers stand in the opposite order of the requests. */
  readonly backwards?: boolean;
  /** Milliseconds until it has ended, in place of the server's. */
  readonly duration?: number;
}

/** What goes wrong with calls to the server; may be changed at any time. */
export interface BatchFaults {
  /** What becomes of the n-th batch, from 1. */
  fate: (number: number) => Fate;
  /** How many of the next creations are made and answered by cutting the connection. */
  lostCreates: number;
  /** How many of the next creations are refused with this. */
  refusedCreates: readonly ServedRefusal[];
  /** Milliseconds after which a new batch is listed. */
  listingLag: number;
  /** Whether batches say when they were made. */
  tellsTimes: boolean;
  /** Whether lists have one batch a page and begin again after their last. */
  isRound: boolean;
  /** Called with each batch that is made, before its creation is answered. */
  onCreate: (id: string) => void | Promise<void>;
}

/** One line that was bought. */
interface Bought {
  readonly batch: string;
  readonly customId: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** A real HTTP server on 127.0.0.1 that speaks OpenAI's and Anthropic's batch protocols, faults included. */
export interface BatchServer {
  /** The base URL for both protocols. */
  readonly url: string;
  readonly faults: BatchFaults;
  /** Every line that was answered and is paid for. */
  readonly bought: readonly Bought[];
  /** The ids of all batches that were made. */
  readonly batches: readonly string[];
  /** How often each kind of call came, such as `POST /batches`. */
  readonly calls: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** What {@link startBatchServer} needs. */
interface BatchServerOptions {
  readonly answer: (messages: readonly ChatMessage[], body: ServedBody) => Promise<ServedReply>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that a batch takes. */
  readonly duration: number;
}

interface Line {
  readonly customId: string;
  readonly body: ServedBody;
}

interface Made {
  readonly id: string;
  readonly dialect: "openai" | "anthropic";
  readonly createdAt: number;
  readonly lines: readonly Line[];
  readonly fate: Fate;
  readonly metadata: unknown;
  readonly inputFile: string | undefined;
  endsAt: number;
  canceledAt: number | undefined;
  answers: { readonly output: readonly string[]; readonly errors: readonly string[] } | undefined;
}

interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly content: string;
}

class Refused extends Error {
  readonly refusal: ServedRefusal;

  constructor(refusal: ServedRefusal) {
    super(`status ${refusal.status}`);
    this.refusal = refusal;
  }
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The parts of a form by their names, as text, and the name of its file. */
function readForm(body: string, contentType: string): Readonly<Record<string, string>> {
  const boundary = /boundary=(\S+)/.exec(contentType)?.[1] ?? "";
  const fields: Record<string, string> = {};
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const [head = "", ...rest] = part.split("\r\n\r\n");
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? "";
    fields[name] = rest.join("\r\n\r\n").replace(/\r\n$/, "");
    const file = /filename="([^"]*)"/.exec(head)?.[1];
    if (file !== undefined) fields.filename = file;
  }
  return fields;
}

class Service {
  readonly faults: BatchFaults = {
    fate: () => ({}),
    lostCreates: 0,
    refusedCreates: [],
    listingLag: 0,
    tellsTimes: true,
    isRound: false,
    onCreate: () => {},
  };
  readonly bought: Bought[] = [];
  readonly calls = new Map<string, number>();
  readonly made: Made[] = [];
  readonly #files = new Map<string, StoredFile>();
  readonly #options: BatchServerOptions;
  #number = 0;

  constructor(options: BatchServerOptions) {
    this.#options = options;
  }

  /** The answer to a call: JSON, lines, or nothing when the connection is to be cut. */
  async answer(incoming: IncomingMessage): Promise<{ readonly body: string } | undefined> {
    const url = new URL(incoming.url ?? "", "http://127.0.0.1");
    const path = url.pathname.replace(/^\/v1/, "");
    const method = incoming.method ?? "GET";
    const kind = `${method} ${path.replace(/\/(?:file|batch|msgbatch)[-_]\d+/, "/ID")}`;
    this.calls.set(kind, (this.calls.get(kind) ?? 0) + 1);
    const body = await readAll(incoming);
    const id = /\/((?:file|batch|msgbatch)[-_]\d+)/.exec(path)?.[1] ?? "";
    switch (kind) {
      case "POST /files":
        return json(this.#upload(body.toString("utf8"), String(incoming.headers["content-type"])));
      case "GET /files":
        return json({ data: [...this.#files.values()].reverse().map(fileFields) });
      case "DELETE /files/ID":
        this.#files.delete(id);
        return json({ id, deleted: true });
      case "GET /files/ID/content":
        return { body: this.#content(id) };
      case "POST /batches":
        return this.#create(this.#openAiLines(body), "openai");
      case "POST /messages/batches":
        return this.#create(anthropicLines(body), "anthropic");
      case "GET /batches":
      case "GET /messages/batches":
        return json(await this.#list(path === "/batches" ? "openai" : "anthropic", url.searchParams));
      case "GET /batches/ID":
      case "GET /messages/batches/ID":
        return json(await this.#told(this.#find(id)));
      case "POST /batches/ID/cancel":
      case "POST /messages/batches/ID/cancel":
        return json(await this.#cancel(this.#find(id)));
      case "GET /messages/batches/ID/results":
        return {
          body: lines([...(this.#find(id).answers?.output ?? []), ...(this.#find(id).answers?.errors ?? [])]),
        };
      default:
        throw new Refused({ status: 404, body: { error: { message: `no ${kind} here` } } });
    }
  }

  #upload(body: string, contentType: string): object {
    const { file = "", filename = "", purpose = "" } = readForm(body, contentType);
    this.#number += 1;
    const stored = { id: `file-${this.#number}`, filename, purpose, content: file };
    this.#files.set(stored.id, stored);
    return fileFields(stored);
  }

  #content(id: string): string {
    for (const { id: batch, answers } of this.made) {
      if (id === `file-${batch.slice(6)}1`) return lines(answers?.output ?? []);
      if (id === `file-${batch.slice(6)}2`) return lines(answers?.errors ?? []);
    }
    const file = this.#files.get(id);
    if (file === undefined) throw new Refused({ status: 404, body: { error: { message: "no such file" } } });
    return file.content;
  }

  #openAiLines(body: Buffer): Pick<Made, "lines" | "metadata" | "inputFile"> {
    const { input_file_id: inputFile, metadata } = JSON.parse(body.toString("utf8"));
    const file = this.#files.get(String(inputFile));
    if (file === undefined)
      throw new Refused({ status: 400, body: { error: { message: "no such input file" } } });
    const read = file.content
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
      .map(({ custom_id: customId, body: inner }) => ({ customId, body: inner }));
    return { lines: read, metadata, inputFile: String(inputFile) };
  }

  async #create(
    parts: Pick<Made, "lines" | "metadata" | "inputFile">,
    dialect: Made["dialect"],
  ): Promise<{ readonly body: string } | undefined> {
    const [refusal, ...others] = this.faults.refusedCreates;
    this.faults.refusedCreates = others;
    if (refusal !== undefined) throw new Refused(refusal);
    const { lines: all } = parts;
    if (
      new Set(all.map(({ customId }) => customId)).size < all.length ||
      all.some(({ body }) => body.stream === true)
    )
      throw new Refused({ status: 400, body: { error: { message: "an id twice, or a stream" } } });
    const createdAt = this.#options.now();
    const fate = this.faults.fate(this.made.length + 1);
    const id = `${dialect === "openai" ? "batch" : "msgbatch"}_${1000 + this.made.length}`;
    const endsAt = createdAt + (fate.duration ?? this.#options.duration);
    const made: Made = {
      id,
      dialect,
      createdAt,
      fate,
      ...parts,
      endsAt,
      canceledAt: undefined,
      answers: undefined,
    };
    this.made.push(made);
    await this.faults.onCreate(id);
    if (this.faults.lostCreates > 0) {
      this.faults.lostCreates -= 1;
      return undefined;
    }
    return json(await this.#told(made));
  }

  async #list(dialect: Made["dialect"], query: URLSearchParams): Promise<object> {
    const now = this.#options.now();
    const all = this.made.filter(
      (each) => each.dialect === dialect && each.createdAt + this.faults.listingLag <= now,
    );
    const after = query.get("after") ?? query.get("after_id");
    const newest = all.toReversed();
    const from = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1;
    const { isRound } = this.faults;
    const limit = isRound ? 1 : Math.min(100, Number(query.get("limit") ?? 20));
    if (isRound && from === newest.length) return this.#list(dialect, new URLSearchParams());
    const page = newest.slice(from, from + limit);
    const data = [];
    for (const each of page) data.push(await this.#told(each));
    return {
      object: "list",
      data,
      has_more: isRound || from + limit < newest.length,
      last_id: page.at(-1)?.id ?? null,
    };
  }

  async #cancel(made: Made): Promise<object> {
    made.canceledAt ??= this.#options.now();
    return this.#told(made);
  }

  #find(id: string): Made {
    const made = this.made.find((each) => each.id === id);
    if (made === undefined)
      throw new Refused({ status: 404, body: { error: { message: `no batch ${id}` } } });
    return made;
  }

  async #told(made: Made): Promise<object> {
    const { fate, canceledAt } = made;
    const isOver = this.#options.now() >= made.endsAt || canceledAt !== undefined;
    if (isOver && fate.refusal === undefined) made.answers ??= await this.#run(made);
    const told =
      made.dialect === "openai" ? openAiBatch(made, isOver) : anthropicBatch(made, isOver, this.url);
    return this.faults.tellsTimes ? told : { ...told, created_at: null };
  }

  url = "";

  async #run(made: Made): Promise<NonNullable<Made["answers"]>> {
    const { fate, lines: all } = made;
    const output: string[] = [];
    const errors: string[] = [];
    const dialect = made.dialect === "openai" ? OPENAI : ANTHROPIC;
    // What is canceled has done half of its lines.
    const runs = made.canceledAt === undefined ? fate.runs : (place: number) => place * 2 < all.length;
    for (const [place, { customId, body }] of all.entries()) {
      if (fate.loses?.(place) === true) continue;
      if (runs?.(place) === false) {
        errors.push(dialect.unrun(customId, made.canceledAt === undefined ? "expired" : "canceled"));
        continue;
      }
      const refusal = fate.refuses?.(place, customId);
      if (refusal !== undefined) {
        errors.push(dialect.refused(customId, refusal));
        continue;
      }
      const messages = dialect.served.messages(body);
      const whole = dialect.served.whole(await this.#options.answer(messages, body), messages);
      output.push(dialect.answered(customId, whole));
      this.bought.push({ batch: made.id, customId, ...tokensOf(whole) });
    }
    const order = (list: readonly string[]) => {
      const doubled = fate.twice === true ? list.flatMap((line) => [line, line]) : list;
      return fate.backwards === true ? doubled.toReversed() : doubled;
    };
    return { output: order(output), errors: order(errors) };
  }
}

function tokensOf(whole: unknown): Pick<Bought, "promptTokens" | "completionTokens"> {
  const { usage } = whole as { readonly usage: Readonly<Record<string, number>> };
  return {
    promptTokens: usage.prompt_tokens ?? usage.input_tokens ?? 0,
    completionTokens: usage.completion_tokens ?? usage.output_tokens ?? 0,
  };
}

/** How lines of answers are written. */
interface AnswerLines {
  readonly served: ServedDialect;
  answered(customId: string, body: unknown): string;
  refused(customId: string, refusal: ServedRefusal): string;
  unrun(customId: string, why: "expired" | "canceled"): string;
}

const OPENAI: AnswerLines = {
  served: openAiDialect,
  answered: (custom_id, body) =>
    JSON.stringify({
      id: "x",
      custom_id,
      response: { status_code: 200, request_id: "r", body },
      error: null,
    }),
  refused: (custom_id, { status, body }) =>
    JSON.stringify({
      id: "x",
      custom_id,
      response: { status_code: status, request_id: "r", body },
      error: null,
    }),
  unrun: (custom_id, why) =>
    JSON.stringify({
      id: "x",
      custom_id,
      response: null,
      error: { code: why === "expired" ? "batch_expired" : "batch_cancelled", message: `it ${why}` },
    }),
};

const ANTHROPIC: AnswerLines = {
  served: anthropicDialect,
  answered: (custom_id, message) => JSON.stringify({ custom_id, result: { type: "succeeded", message } }),
  refused: (custom_id, { body }) => JSON.stringify({ custom_id, result: { type: "errored", error: body } }),
  unrun: (custom_id, type) => JSON.stringify({ custom_id, result: { type } }),
};

function json(value: object): { readonly body: string } {
  return { body: JSON.stringify(value) };
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

function fileFields({ id, filename, purpose, content }: StoredFile): object {
  return { id, object: "file", filename, purpose, bytes: Buffer.byteLength(content) };
}

function anthropicLines(body: Buffer): Pick<Made, "lines" | "metadata" | "inputFile"> {
  const { requests } = JSON.parse(body.toString("utf8"));
  const read = (requests as readonly { readonly custom_id: string; readonly params: ServedBody }[]).map(
    ({ custom_id: customId, params }) => ({ customId, body: params }),
  );
  const bad = read.find(({ customId }) => !/^[a-zA-Z0-9_-]{1,64}$/.test(customId));
  if (bad !== undefined)
    throw new Refused({
      status: 400,
      body: { type: "error", error: { type: "invalid_request_error", message: "custom_id" } },
    });
  return { lines: read, metadata: undefined, inputFile: undefined };
}

function stateOf({ fate, canceledAt, answers }: Made, isOver: boolean): string {
  if (isOver && fate.refusal !== undefined) return "failed";
  if (!isOver) return "in_progress";
  if (canceledAt !== undefined) return "cancelled";
  return answers?.errors.some((line) => line.includes("batch_expired")) === true ? "expired" : "completed";
}

function openAiBatch(made: Made, isOver: boolean): object {
  const { id, createdAt, metadata, inputFile, lines: all, answers, fate } = made;
  const { output = [], errors = [] } = answers ?? {};
  const number = id.slice(6);
  return {
    id,
    object: "batch",
    status: stateOf(made, isOver),
    metadata,
    input_file_id: inputFile,
    created_at: createdAt / 1000,
    request_counts: { total: all.length, completed: output.length, failed: 0 },
    output_file_id: output.length > 0 ? `file-${number}1` : null,
    error_file_id: errors.length > 0 ? `file-${number}2` : null,
    errors: isOver && fate.refusal !== undefined ? { data: [fate.refusal] } : null,
  };
}

function anthropicBatch(made: Made, isOver: boolean, url: string): object {
  const { id, createdAt, lines: all, answers } = made;
  // Whatever is in the file, the counts are those of the requests.
  const errored = new Set(answers?.errors).size;
  const counts = isOver
    ? { processing: 0, succeeded: all.length - errored, errored, canceled: 0, expired: 0 }
    : { processing: all.length, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  return {
    id,
    type: "message_batch",
    processing_status: isOver ? "ended" : "in_progress",
    created_at: new Date(createdAt).toISOString(),
    request_counts: counts,
    results_url: isOver ? `${url}/messages/batches/${id}/results` : null,
  };
}

function refuse(response: ServerResponse, { status, body, headers }: ServedRefusal): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body ?? { error: { message: `status ${status}` } }));
}

/** Starts a server whose batches are answered by `answer`, each some time after it was made. */
export async function startBatchServer(options: BatchServerOptions): Promise<BatchServer> {
  const service = new Service(options);
  const server = createServer((incoming, response) => {
    service.answer(incoming).then(
      (answer) => {
        if (answer === undefined) response.destroy();
        else response.writeHead(200, { "content-type": "application/json" }).end(answer.body);
      },
      (error: unknown) =>
        refuse(response, error instanceof Refused ? error.refusal : { status: 599, body: String(error) }),
    );
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  service.url = `http://127.0.0.1:${port}/v1`;
  return {
    url: service.url,
    faults: service.faults,
    bought: service.bought,
    calls: service.calls,
    get batches() {
      return service.made.map(({ id }) => id);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
