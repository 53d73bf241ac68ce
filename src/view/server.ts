import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { AgentRefineError, systemErrorCode } from "../errors.ts";

/** The only address that the pages are served on. */
const LOOPBACK = "127.0.0.1";
const NAMES = [LOOPBACK, "localhost"];

/** A server that is listening. */
export interface PageServer {
  /** Such as `http://127.0.0.1:7333/`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Lets through only what this machine's own browser asks of this very server: a page of the web that finds the port, or
 * a name that was made to point here, gets nothing. What changes anything must come from one of our own pages.
 */
export function guarded(app: Hono, port: () => number): Hono {
  const outer = new Hono();
  outer.use(async (context, next) => {
    const hosts = NAMES.map((name) => `${name}:${port()}`);
    const host = context.req.header("host") ?? "";
    const origin = context.req.header("origin");
    const changes = context.req.method !== "GET" && context.req.method !== "HEAD";
    const isOwn = hosts.some((each) => origin === `http://${each}`);
    if (!hosts.includes(host)) return context.text("This server answers to its own address only.\n", 403);
    if (origin === undefined ? changes : !isOwn) return context.text("Not for other pages.\n", 403);
    return next();
  });
  outer.route("/", app);
  return outer;
}

/**
 * Serves pages on the loopback.
 *
 * @param port 0 for any that is free
 * @throws AgentRefineError when the port is in use
 */
export async function servePages(app: Hono, port: number): Promise<PageServer> {
  let bound = port;
  const server = createAdaptorServer({ fetch: guarded(app, () => bound).fetch });
  try {
    server.listen(port, LOOPBACK);
    await once(server, "listening");
  } catch (error) {
    if (systemErrorCode(error) !== "EADDRINUSE" && systemErrorCode(error) !== "EACCES") throw error;
    const problem = systemErrorCode(error) === "EACCES" ? "may not be listened on" : "is in use";
    throw new AgentRefineError(`port ${port} ${problem}`, {
      fix: "Give another --port, or 0 for any that is free.",
    });
  }
  const address = server.address();
  if (typeof address === "object" && address !== null) bound = address.port;
  return {
    url: `http://${LOOPBACK}:${bound}/`,
    close: async () => {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
    },
  };
}
