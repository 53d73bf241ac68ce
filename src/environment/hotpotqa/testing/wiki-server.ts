import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What a made-up Wikipedia answers to an address. */
export interface WikiAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly html?: string;
  /** The connection is broken off in place of an answer. */
  readonly breaks?: true;
}

/** A made-up Wikipedia of this machine. */
export interface WikiServer extends AsyncDisposable {
  readonly url: string;
  /** What it was asked for, in order. */
  readonly asked: readonly string[];
  readonly userAgents: readonly string[];
}

/** An article in the shape of MediaWiki's HTML. */
export function article(...paragraphs: readonly string[]): string {
  const text = paragraphs.map((each) => `<p>${each}\n</p>`).join("\n");
  return `<html><body><ul><li>Main page of the menu</li></ul><div class="mw-parser-output">${text}</div></body></html>`;
}

/** Starts it. `answer` is asked at each request, with how often the address was asked for before. */
export async function startWiki(
  answer: (address: string, before: number) => WikiAnswer,
): Promise<WikiServer> {
  const asked: string[] = [];
  const userAgents: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const address = request.url ?? "";
    const before = asked.filter((each) => each === address).length;
    asked.push(address);
    userAgents.push(request.headers["user-agent"] ?? "");
    const { status = 200, headers = {}, html = "", breaks } = answer(address, before);
    if (breaks) {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { "content-type": "text/html; charset=UTF-8", ...headers });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place = server.address();
  const port = typeof place === "object" ? place?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    userAgents,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
