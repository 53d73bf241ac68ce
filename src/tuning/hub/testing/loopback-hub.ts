import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A data set as the server holds it. */
export interface StoredDataset {
  isPrivate: boolean;
  readonly files: Map<string, Buffer>;
  commits: number;
}

/** How the server behaves. */
export interface LoopbackHubOptions {
  /** Names that the token's owner may write under. */
  readonly owners?: readonly string[];
  readonly role?: "read" | "write";
  /** Files larger than this are taken in parts of so many bytes. */
  readonly partBytes?: number;
  /** Answers a request itself when it gives true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A real HTTP server on 127.0.0.1 that speaks the part of the Hugging Face hub that an upload needs. */
export interface LoopbackHub {
  readonly url: string;
  readonly datasets: Map<string, StoredDataset>;
  /** Method and path of each request, in the order of arrival. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** The only token that the server knows. */
export const LOOPBACK_TOKEN = "hf_loopback";

interface Exchange {
  readonly body: Buffer;
  readonly url: string;
  /** The parts of the path that the route left open. */
  readonly parts: readonly string[];
}

type Answer = { readonly status?: number; readonly json?: unknown; readonly etag?: string };

class Hub {
  readonly datasets = new Map<string, StoredDataset>();
  /** Uploaded files by their SHA-256, and parts of files by SHA-256 and number. */
  readonly #objects = new Map<string, Buffer>();
  readonly #options: LoopbackHubOptions;

  constructor(options: LoopbackHubOptions) {
    this.#options = options;
  }

  readonly routes: readonly (readonly [string, RegExp, (exchange: Exchange) => Answer])[] = [
    ["GET", /^\/api\/whoami-v2$/, () => this.#whoAmI()],
    ["POST", /^\/api\/repos\/create$/, (exchange) => this.#create(exchange)],
    ["GET", /^\/api\/datasets\/([^/]+\/[^/]+)\/revision\/HEAD$/, (exchange) => this.#info(exchange)],
    ["GET", /^\/api\/datasets\/([^/]+\/[^/]+)\/tree\/main\/data$/, (exchange) => this.#tree(exchange)],
    ["POST", /^\/api\/datasets\/([^/]+\/[^/]+)\/preupload\/main$/, (exchange) => this.#preupload(exchange)],
    [
      "POST",
      /^\/datasets\/([^/]+\/[^/]+)\.git\/info\/lfs\/objects\/batch$/,
      (exchange) => this.#batch(exchange),
    ],
    ["PUT", /^\/objects\/([0-9a-f]{64})(?:\/(\d+))?$/, (exchange) => this.#put(exchange)],
    ["POST", /^\/complete\/([0-9a-f]{64})$/, (exchange) => this.#complete(exchange)],
    ["POST", /^\/api\/datasets\/([^/]+\/[^/]+)\/commit\/main$/, (exchange) => this.#commit(exchange)],
  ];

  #whoAmI(): Answer {
    const { role = "write" } = this.#options;
    return {
      json: { type: "user", name: "owner", orgs: [], auth: { type: "access_token", accessToken: { role } } },
    };
  }

  #create({ body, url }: Exchange): Answer {
    const { organization, name, visibility, type } = JSON.parse(body.toString());
    const { owners = ["owner"] } = this.#options;
    if (!owners.includes(organization)) {
      return { status: 403, json: { error: `You don't have the rights to create under ${organization}` } };
    }
    const repository = `${organization}/${name}`;
    if (type !== "dataset") return { status: 400, json: { error: `no ${type} here` } };
    if (this.datasets.has(repository)) return { status: 409, json: { error: "You already created it" } };
    this.datasets.set(repository, { isPrivate: visibility === "private", files: new Map(), commits: 0 });
    return { json: { url: `${url}/datasets/${repository}`, id: repository } };
  }

  #of([repository = ""]: readonly string[]): StoredDataset | undefined {
    return this.datasets.get(repository);
  }

  #info({ parts }: Exchange): Answer {
    const found = this.#of(parts);
    if (found === undefined) return { status: 404, json: { error: "Repository not found" } };
    return {
      json: { _id: "1", id: parts[0], private: found.isPrivate, lastModified: "2026-01-01T00:00:00Z" },
    };
  }

  #tree({ parts }: Exchange): Answer {
    const paths = [...(this.#of(parts)?.files.keys() ?? [])].filter((path) => path.startsWith("data/"));
    if (paths.length === 0) return { status: 404, json: { error: "data does not exist" } };
    return { json: paths.map((path) => ({ type: "file", path, size: 1, oid: "0" })) };
  }

  #preupload({ body }: Exchange): Answer {
    const { files } = JSON.parse(body.toString());
    const uploadMode = (path: string) => (path.endsWith(".parquet") ? "lfs" : "regular");
    return {
      json: { files: files.map(({ path }: { path: string }) => ({ path, uploadMode: uploadMode(path) })) },
    };
  }

  #batch({ body, url }: Exchange): Answer {
    const { partBytes = Number.POSITIVE_INFINITY } = this.#options;
    const { objects } = JSON.parse(body.toString());
    const actions = ({ oid, size }: { readonly oid: string; readonly size: number }) => {
      if (this.#objects.has(oid)) return {};
      if (size <= partBytes) return { actions: { upload: { href: `${url}/objects/${oid}` } } };
      const numbers = Array.from({ length: Math.ceil(size / partBytes) }, (_unused, place) => `${place + 1}`);
      const header = Object.fromEntries(numbers.map((number) => [number, `${url}/objects/${oid}/${number}`]));
      return {
        actions: {
          upload: { href: `${url}/complete/${oid}`, header: { chunk_size: `${partBytes}`, ...header } },
        },
      };
    };
    return {
      json: {
        transfer: "basic",
        objects: objects.map((each: { oid: string; size: number }) => ({ ...each, ...actions(each) })),
      },
    };
  }

  #put({ parts: [oid = "", part], body }: Exchange): Answer {
    if (part !== undefined) this.#objects.set(`${oid}/${part}`, body);
    else if (createHash("sha256").update(body).digest("hex") !== oid) return { status: 400 };
    else this.#objects.set(oid, body);
    return { etag: `"${part ?? oid}"` };
  }

  #complete({ parts: [oid = ""], body }: Exchange): Answer {
    const { parts } = JSON.parse(body.toString());
    const numbers: readonly number[] = parts.map(({ partNumber }: { partNumber: number }) => partNumber);
    const whole = Buffer.concat(
      numbers.map((number) => this.#objects.get(`${oid}/${number}`) ?? Buffer.alloc(0)),
    );
    if (createHash("sha256").update(whole).digest("hex") !== oid) return { status: 400 };
    this.#objects.set(oid, whole);
    return { json: {} };
  }

  #commit({ parts, body }: Exchange): Answer {
    const found = this.#of(parts);
    if (found === undefined) return { status: 404 };
    for (const line of body.toString().split("\n")) {
      const { key, value } = JSON.parse(line);
      if (key === "file") found.files.set(value.path, Buffer.from(value.content, "base64"));
      if (key === "deletedFile") found.files.delete(value.path);
      if (key !== "lfsFile") continue;
      const content = this.#objects.get(value.oid);
      if (content === undefined || content.length !== value.size)
        return { status: 400, json: { error: `${value.path} is missing` } };
      found.files.set(value.path, content);
    }
    found.commits += 1;
    return { json: { commitOid: `c0ffee${found.commits}`, commitUrl: "", hookOutput: "" } };
  }
}

/** Storage is another party, for which the token is not; everything else asks for it. */
function refusal(path: string, authorization: string | undefined): Answer | undefined {
  if (path.startsWith("/objects/") || path.startsWith("/complete/")) {
    return authorization === undefined ? undefined : { status: 400, json: { error: "a token too many" } };
  }
  if (authorization === `Bearer ${LOOPBACK_TOKEN}`) return undefined;
  return { status: 401, json: { error: `Invalid credentials: ${authorization}` } };
}

/** Starts a server with no data set on it. */
export async function startLoopbackHub(options: LoopbackHubOptions = {}): Promise<LoopbackHub> {
  const hub = new Hub(options);
  const requests: string[] = [];
  let url = "";
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { pathname } = new URL(request.url ?? "", url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const refused = refusal(pathname, request.headers.authorization);
    if (refused !== undefined) return refused;
    for (const [method, pattern, serve] of hub.routes) {
      const match = method === request.method ? pattern.exec(pathname) : null;
      if (match !== null) return serve({ body: Buffer.concat(chunks), url, parts: match.slice(1) });
    }
    return { status: 404, json: { error: "no such route" } };
  };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split("?")[0]}`);
    if (options.intercept?.(request, response) === true) return;
    answer(request).then(
      ({ status = 200, json, etag }) => {
        if (etag !== undefined) response.setHeader("ETag", etag);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(json === undefined ? "" : JSON.stringify(json));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, datasets: hub.datasets, requests, close };
}
