import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Suite } from "../../environment/environment.ts";
import { errorMessage } from "../../errors.ts";
import { readJsonBody } from "./read-json-body.ts";
import { type Answer, answer } from "./routes.ts";
import { ServedWorlds } from "./served-worlds.ts";

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
  if (incoming.headers.origin !== undefined) return { status: 403, body: { error: "not for web pages" } };
  if (!URL.canParse(target, BASE)) return { status: 400, body: { error: "the address is malformed" } };
  const body = incoming.method === "POST" ? await readJsonBody(incoming) : {};
  if ("problem" in body) return { status: 400, body: { error: body.problem } };
  const { pathname, searchParams } = new URL(target, BASE);
  return answer({ method: incoming.method ?? "GET", path: pathname, query: searchParams, body }, worlds);
}

/** A server, not yet listening, that offers the tasks of a suite in AgentGym's protocol. */
export function createWorldServer(suite: Suite, mostWorlds: number): Server {
  const worlds = new ServedWorlds(suite, mostWorlds);
  return createServer((incoming, response) => {
    serveRequest(incoming, worlds).then(
      (found) => send(response, found),
      (error: unknown) => send(response, { status: 500, body: { error: errorMessage(error) } }),
    );
  });
}
