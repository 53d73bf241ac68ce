import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Suite, variantText } from "../../environment/suite.ts";
import { AgentRefineError, errorMessage, systemErrorCode } from "../../errors.ts";
import { type Fields, isFields } from "../../model/call.ts";
import { ServedWorlds } from "./served-worlds.ts";

/** No action comes near this. */
const LONGEST_BODY = 1024 * 1024;

/**
 * Reads the JSON object of a request, with a byte order mark or without; an empty body is an empty object. Gives in
 * words what is wrong with a body that has none.
 */
async function readJsonBody(incoming: IncomingMessage): Promise<Fields | string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes: Uint8Array = chunk;
    length += bytes.length;
    if (length <= LONGEST_BODY) chunks.push(bytes);
  }
  if (length > LONGEST_BODY) return "the body is too long";
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : "the body is not a JSON object";
  } catch {
    return "the body is not valid JSON";
  }
}

/** A request in what matters of it. */
interface WorldRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Fields;
}

/** What is sent back. */
interface Answer {
  readonly status: number;
  /** A JSON value. */
  readonly body: unknown;
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** A whole number from 0. */
function index(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

async function withWorld(
  worlds: ServedWorlds,
  value: unknown,
  use: (id: number) => Promise<Answer>,
): Promise<Answer> {
  const id = index(value);
  if (id === undefined) return refusal(400, "id must be the number that /create gave");
  return worlds.has(id) ? use(id) : refusal(404, `there is no environment ${id}`);
}

async function create(_request: WorldRequest, worlds: ServedWorlds): Promise<Answer> {
  const id = worlds.create();
  return id === undefined
    ? refusal(503, "too many worlds are open; close some")
    : { status: 200, body: { id } };
}

async function reset({ body }: WorldRequest, worlds: ServedWorlds): Promise<Answer> {
  const { data_idx: place = 0 } = body;
  return withWorld(worlds, body.id, async (id) => {
    const task = index(place);
    const view = task === undefined ? undefined : await worlds.reset(id, task);
    const most = worlds.suite.tasks.length - 1;
    return view === undefined
      ? refusal(400, `data_idx must be a number from 0 to ${most}`)
      : { status: 200, body: view };
  });
}

async function step({ body }: WorldRequest, worlds: ServedWorlds): Promise<Answer> {
  const { action } = body;
  if (typeof action !== "string") return refusal(400, "action must be a text");
  return withWorld(worlds, body.id, async (id) => ({
    status: 200,
    body: await worlds.step(id, action),
  }));
}

async function observation({ query }: WorldRequest, worlds: ServedWorlds): Promise<Answer> {
  return withWorld(worlds, query.get("id"), async (id) => ({
    status: 200,
    body: (await worlds.view(id))?.observation,
  }));
}

async function close({ body }: WorldRequest, worlds: ServedWorlds): Promise<Answer> {
  return withWorld(worlds, body.id, async (id) => ({
    status: 200,
    body: { closed: await worlds.close(id) },
  }));
}

async function hello(_request: WorldRequest, { suite }: ServedWorlds): Promise<Answer> {
  return {
    status: 200,
    body: { suite: suite.name, variant: variantText(suite.variant), tasks: suite.tasks.length },
  };
}

const ROUTES: ReadonlyMap<string, (request: WorldRequest, worlds: ServedWorlds) => Promise<Answer>> = new Map(
  [
    ["GET /", hello],
    ["POST /create", create],
    ["POST /reset", reset],
    ["POST /step", step],
    ["GET /observation", observation],
    ["POST /close", close],
  ],
);

/** Answers a request in AgentGym's protocol. Never throws for what a client sends. */
async function answer(request: WorldRequest, worlds: ServedWorlds): Promise<Answer> {
  const route = ROUTES.get(`${request.method} ${request.path}`);
  return route === undefined
    ? refusal(404, `there is no such route; there are ${[...ROUTES.keys()].join(", ")}`)
    : route(request, worlds);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** What the targets of requests are resolved against; nothing of it is looked at. */
const BASE = "http://localhost";

async function serveRequest(incoming: IncomingMessage, worlds: ServedWorlds): Promise<Answer> {
  const { url: target = "/" } = incoming;
  // Clients of a page in a browser send this header; this server is for programs, and has no key to ask for.
  if (incoming.headers.origin !== undefined) return refusal(403, "not for web pages");
  if (!URL.canParse(target, BASE)) return refusal(400, "the address is malformed");
  const body = incoming.method === "POST" ? await readJsonBody(incoming) : {};
  if (typeof body === "string") return refusal(400, body);
  const { pathname, searchParams } = new URL(target, BASE);
  return answer({ method: incoming.method ?? "GET", path: pathname, query: searchParams, body }, worlds);
}

/** What may keep a server from listening. */
function listenError(error: unknown, host: string, port: number): unknown {
  const address = `${host}:${port}`;
  switch (systemErrorCode(error)) {
    case "EADDRINUSE":
      return new AgentRefineError(`${address} is in use`, {
        fix: "Give another 'port', or 0 for any that is free.",
      });
    case "EACCES":
      return new AgentRefineError(`listening on ${address} is not permitted`, {
        fix: "Give a 'port' above 1023.",
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new AgentRefineError(`this machine has no address ${host}`, { fix: "Give another 'host'." });
    default:
      return error;
  }
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw listenError(error, host, port);
  }
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}

/** How worlds are served. */
export interface ServeOptions {
  /** The address to listen on; 127.0.0.1, which only this machine reaches, when not given. No key is asked for. */
  readonly host?: string | undefined;
  /** 36001 when not given; 0 for any that is free. */
  readonly port?: number | undefined;
  /** Worlds open at once, at most; 1024 when not given. */
  readonly worlds?: number | undefined;
}

/** A server of worlds that is listening. */
export interface WorldServer {
  /** Such as `http://127.0.0.1:36001`. */
  readonly url: string;
  /** Ends what the worlds are at, and closes them and the server. */
  close(): Promise<void>;
}

/** Milliseconds between looks for worlds that nobody uses. */
const A_MINUTE = 60_000;

/**
 * Offers the worlds of a suite over HTTP in AgentGym's protocol, as `agentrefine serve` does.
 *
 * @throws AgentRefineError when the address cannot be listened on
 */
export async function serveWorlds(
  suite: Suite,
  { host = "127.0.0.1", port = 36_001, worlds: most = 1024 }: ServeOptions = {},
): Promise<WorldServer> {
  const worlds = new ServedWorlds(suite, most, Date.now);
  const server = createServer((incoming, response) => {
    serveRequest(incoming, worlds).then(
      (found) => send(response, found),
      (error: unknown) => send(response, refusal(500, errorMessage(error))),
    );
  });
  const url = await listen(server, host, port);
  const idle = setInterval(() => worlds.closeIdle(), A_MINUTE).unref();
  return {
    url,
    close: async () => {
      clearInterval(idle);
      server.close();
      server.closeAllConnections();
      await worlds[Symbol.asyncDispose]();
    },
  };
}
