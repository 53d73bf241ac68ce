import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** How a publisher gives a file. */
interface Published {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  /** The connection is cut after so many bytes of an answer, this often. */
  readonly cutAfter?: number;
  cuts?: number;
  /** Bytes go out so many at a time, each after some milliseconds. */
  readonly slowly?: { readonly bytes: number; readonly milliseconds: number };
  /** Ranges are not known. */
  readonly wholeOnly?: true;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A redirection, or a refusal. */
interface Refused {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** It is over after so many answers, and this is given. */
  readonly times?: number;
  readonly afterwards?: Published;
}

/** A server on the loopback that publishes files. */
export interface Publisher {
  readonly url: string;
  /** What is given for each path; may be changed at any time. */
  readonly files: Map<string, Published | Refused>;
  readonly requests: { readonly path: string; readonly headers: IncomingMessage["headers"] }[];
  close(): Promise<void>;
}

/** Where an answer begins in the file; undefined for the whole of it. */
function rangeOf({ etag, wholeOnly }: Published, { headers }: IncomingMessage): number | undefined {
  const from = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
  const isSame = (headers["if-range"] ?? etag) === etag;
  return from === undefined || wholeOnly === true || !isSame ? undefined : Number(from);
}

async function send(body: Buffer, published: Published, response: ServerResponse): Promise<void> {
  const { cutAfter = body.length, cuts = 0, slowly } = published;
  if (cuts > 0 && body.length > cutAfter) {
    published.cuts = cuts - 1;
    response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 5));
    return;
  }
  const step = slowly?.bytes ?? body.length;
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    response.write(body.subarray(at, at + step));
    if (slowly !== undefined) await new Promise((done) => setTimeout(done, slowly.milliseconds));
  }
  response.end();
}

function give(published: Published, request: IncomingMessage, response: ServerResponse): void {
  const { bytes, etag, headers = {} } = published;
  const from = rangeOf(published, request);
  const tag = etag === undefined ? {} : { etag };
  if (from !== undefined && from >= bytes.length) {
    response.writeHead(416, { ...tag, "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const body = Buffer.from(bytes.subarray(from ?? 0));
  const range =
    from === undefined ? {} : { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  const status = from === undefined ? 200 : 206;
  response.writeHead(status, { "content-length": body.length, ...tag, ...range, ...headers });
  void send(body, published, response);
}

/** Starts a publisher. */
export async function startPublisher(): Promise<Publisher> {
  const files = new Map<string, Published | Refused>();
  const requests: Publisher["requests"] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push({ path, headers: request.headers });
    const found = files.get(path);
    if (found === undefined) response.writeHead(404).end("no");
    else if ("bytes" in found) give(found, request, response);
    else {
      const { status, headers = {}, times, afterwards } = found;
      const left = (times ?? 1) - 1;
      if (afterwards !== undefined) files.set(path, left > 0 ? { ...found, times: left } : afterwards);
      response.writeHead(status, headers).end("no");
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    requests,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
