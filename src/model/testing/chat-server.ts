import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { anthropicDialect } from "./anthropic-dialect.ts";
import { openAiDialect } from "./openai-dialect.ts";
import { serveAnswer, serveRefusal } from "./serve-answer.ts";
import type { Dialect, ServedAnswer, ServedRequest } from "./served-answer.ts";
import type { ServedBody, ServedDialect } from "./served-dialect.ts";

/** Decides what a request is answered. */
export type ChatHandler = (request: ServedRequest) => ServedAnswer | Promise<ServedAnswer>;

/** What the server has seen so far. */
interface ServerCounts {
  /** Requests that arrived. */
  requests: number;
  /** Answers that were written in full, refusals too. */
  completed: number;
  /** For each answer that the client (or a fault) cut off: how many deltas had been written. */
  readonly aborted: number[];
  /** Requests being answered now, and the most there were at once. */
  running: number;
  peak: number;
  /** Connections that are open now. */
  connections: number;
}

/** A real HTTP server on 127.0.0.1 that speaks OpenAI's chat completions and Anthropic's messages. */
export interface ChatServer {
  /** Such as `http://127.0.0.1:40123/v1`: the base URL for both protocols. */
  readonly url: string;
  readonly counts: ServerCounts;
  /** Every request in the order of arrival, unless `keepRequests` is false. */
  readonly requests: readonly ServedRequest[];
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

/** Options of {@link startChatServer}. */
interface ChatServerOptions {
  /** Whether `requests` is filled; true when not given. Benchmarks turn it off. */
  readonly keepRequests?: boolean;
}

const ROUTES: Readonly<Record<string, readonly [Dialect, ServedDialect]>> = {
  "/v1/chat/completions": ["openai", openAiDialect],
  "/v1/messages": ["anthropic", anthropicDialect],
};

async function readBody(incoming: IncomingMessage): Promise<ServedBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as ServedBody;
}

/** Counts a request from now until its answer is over; returns where its deltas are noted. */
function count(counts: ServerCounts, response: ServerResponse): (deltas: number) => void {
  let deltas = 0;
  counts.requests += 1;
  counts.running += 1;
  counts.peak = Math.max(counts.peak, counts.running);
  response.on("close", () => {
    counts.running -= 1;
    if (response.writableFinished) counts.completed += 1;
    else counts.aborted.push(deltas);
  });
  return (written) => {
    deltas = written;
  };
}

/** Starts a server whose answers `handler` decides. Paths: `/v1/chat/completions` and `/v1/messages`. */
export async function startChatServer(
  handler: ChatHandler,
  options: ChatServerOptions = {},
): Promise<ChatServer> {
  const counts: ServerCounts = {
    requests: 0,
    completed: 0,
    aborted: [],
    running: 0,
    peak: 0,
    connections: 0,
  };
  const requests: ServedRequest[] = [];

  const answerRequest = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const progress = count(counts, response);
    const number = counts.requests;
    const [path = "", query = ""] = (incoming.url ?? "").split("?");
    const route = ROUTES[path];
    if (route === undefined) return serveRefusal(response, openAiDialect, { status: 404 });
    const [name, dialect] = route;
    const body = await readBody(incoming);
    const { headers } = incoming;
    const messages = dialect.messages(body);
    const stream = body.stream === true;
    const request: ServedRequest = {
      number,
      dialect: name,
      model: String(body.model),
      stream,
      messages,
      body,
      headers,
      query,
    };
    if (options.keepRequests !== false) requests.push(request);
    await serveAnswer({ response, dialect, request, progress }, await handler(request));
  };

  const server = createServer((incoming, response) => {
    answerRequest(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(599);
      response.end(`the test server failed: ${String(error)}`);
    });
  });
  server.on("connection", (socket) => {
    counts.connections += 1;
    socket.on("close", () => {
      counts.connections -= 1;
    });
  });
  // On a busy machine an idle connection would else be closed just as the client sends on it.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/v1`, counts, requests, close };
}
