import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import type { Env } from "../../env.ts";
import { AgentRefineError, errorMessage, shortWords, systemErrorCode } from "../../errors.ts";
import { openDispatcher } from "../../model/http.ts";
import { programVersion } from "../../runs/run-folder.ts";
import { OutsideUnreachable } from "../world.ts";
import type { KeptPage } from "./pages.ts";

export const WIKIPEDIA = "https://en.wikipedia.org";

/** Requests on the way at once: Wikipedia asks programs to be modest. */
const AT_ONCE = 2;
/** How often a page is asked for when the site is busy, and the seconds that are waited at least and at most. */
const ATTEMPTS = 6;
const SHORTEST_WAIT = 1;
const LONGEST_WAIT = 60;
const MOST_REDIRECTS = 6;
/** Milliseconds for the head of an answer, and for all of it. */
const HEAD_TIME = 30_000;
const WHOLE_TIME = 60_000;
const LARGEST = 32 * 1024 * 1024;

/** The sites that Wikipedia may lead on to. */
const WIKIMEDIA =
  /(?:^|\.)(?:wikipedia|wiktionary|wikimedia|wikiquote|wikibooks|wikisource|wikinews|wikiversity|wikivoyage|wikidata|mediawiki)\.org$/;

const OFFLINE = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"]);

/** Who asks: Wikimedia's rules want the program's name, and a way to write to whom it runs for. */
async function userAgent(env: Env): Promise<string> {
  const contact = env.AGENTREFINE_CONTACT?.replace(/[^\x20-\x7e]/g, "").trim();
  const about = ["HotpotQA evaluation", ...(contact ? [contact] : [])].join("; ");
  return `agentrefine/${await programVersion()} (${about}) undici`;
}

/** Lets so many run at once; the others wait for their turn. */
function turns(atOnce: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/** The seconds that a busy site asks to be left alone, else more with each attempt. */
function pause(retryAfter: string | undefined, attempt: number): number {
  const until = (Date.parse(retryAfter ?? "") - Date.now()) / 1000;
  const asked = [Number(retryAfter ?? Number.NaN), until].find(Number.isFinite);
  return Math.max(SHORTEST_WAIT, asked ?? 2 ** attempt / 2);
}

async function readBody({ body, headers }: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LARGEST) throw new Error(`the page has more than ${LARGEST / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const isPacked = headers["content-encoding"] === "gzip";
  return (isPacked ? await promisify(gunzip)(bytes, { maxOutputLength: LARGEST }) : bytes).toString("utf8");
}

/** Where a request goes. The path is sent as it is: one that is read as a URL has further characters escaped. */
interface Place {
  readonly origin: string;
  readonly path: string;
}

/** What a site answered in the end. */
interface Answered extends Pick<KeptPage, "status" | "from" | "html"> {
  readonly retryAfter: string | undefined;
}

/** A page, or how many seconds to wait before it is asked for again. */
type Answer = { readonly page: KeptPage } | { readonly busy: number; readonly words: string };

function partsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [error];
}

/** A site that answers as Wikipedia does. */
export class Site {
  readonly #site: URL;
  readonly #agent: string;
  readonly #dispatcher = openDispatcher(HEAD_TIME);
  readonly #inTurn = turns(AT_ONCE);
  #reached: Promise<void> | undefined;

  constructor(site: URL, agent: string) {
    this.#site = site;
    this.#agent = agent;
  }

  /** Asks for a path with its query, redirects followed. Rejects with an AgentRefineError when there is no page. */
  ask(address: string, signal: AbortSignal): Promise<KeptPage> {
    return this.#inTurn(() => this.#ask(address, signal));
  }

  /** Rejects with an AgentRefineError at once when the site cannot be reached at all; asks only once. */
  reach(): Promise<void> {
    const { origin, pathname: path } = this.#site;
    this.#reached ??= this.#send({ origin, path }, new AbortController().signal).then(
      ({ body }) => body.dump(),
      (error) => Promise.reject(this.#unreachable(error)),
    );
    return this.#reached;
  }

  async #ask(address: string, signal: AbortSignal): Promise<KeptPage> {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const answer = await this.#attempt(address, signal, attempt);
      if ("page" in answer) return answer.page;
      if (attempt === ATTEMPTS || answer.busy > LONGEST_WAIT) {
        const later = answer.busy > LONGEST_WAIT ? ` and asks to wait ${Math.ceil(answer.busy)} s` : "";
        throw new AgentRefineError(`${this.#site.host} ${answer.words}${later} (${address})`, {
          fix: "Start again later: what was played and kept is not lost ('retryFailed').",
        });
      }
      // The turn is kept meanwhile, since the site is busy for whoever is next too.
      await wait(answer.busy * 1000, undefined, { signal });
    }
  }

  async #attempt(address: string, signal: AbortSignal, attempt: number): Promise<Answer> {
    try {
      const { retryAfter, ...answered } = await this.#follow(address, signal);
      const { status, from, html } = answered;
      if (status === 429 || status >= 500) {
        return { busy: pause(retryAfter, attempt), words: `answered with status ${status}` };
      }
      if (status !== 401 && status !== 403) {
        return { page: { address, asked: new Date().toISOString(), ...answered } };
      }
      const refusal = `refuses ${address} (status ${status}): ${shortWords(html)}`;
      throw new AgentRefineError(`${new URL(from).host} ${refusal}`, {
        fix: "Say whom the requests are for: set AGENTREFINE_CONTACT to a mail address.",
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AgentRefineError) throw error;
      const isOffline = partsOf(error).some((part) => OFFLINE.has(systemErrorCode(part) ?? ""));
      if (isOffline) throw this.#unreachable(error);
      return { busy: pause(undefined, attempt), words: `broke off: ${shortWords(errorMessage(error))}` };
    }
  }

  async #follow(address: string, signal: AbortSignal): Promise<Answered> {
    const { origin, pathname, host } = this.#site;
    const start = `${pathname.replace(/\/+$/, "")}${address}`;
    let place: Place = { origin, path: start };
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await this.#send(place, signal);
      const { statusCode: status, headers } = answer;
      const from = place.origin + place.path;
      const retryAfter = [headers["retry-after"]].flat()[0];
      if (status < 300 || status >= 400 || typeof headers.location !== "string") {
        return { status, from, html: await readBody(answer), retryAfter };
      }
      await answer.body.dump();
      const next = this.#ledTo(headers.location, from);
      // A search can lead to another site, by a prefix in the title; what stands there is none of Wikipedia's pages.
      if (next === undefined) return { status, from, html: "", retryAfter };
      place = next;
    }
    throw new AgentRefineError(`${host} leads in circles from ${start}`);
  }

  /** Where the site leads on to: its own places, or, from Wikipedia, its sisters'; undefined for any other. */
  #ledTo(location: string, from: string): Place | undefined {
    if (!URL.canParse(location, from)) return undefined;
    const { origin, protocol, hostname, pathname, search } = new URL(location, from);
    const isSister =
      protocol === "https:" && [this.#site.hostname, hostname].every((one) => WIKIMEDIA.test(one));
    return origin === this.#site.origin || isSister ? { origin, path: `${pathname}${search}` } : undefined;
  }

  #send(place: Place, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return this.#dispatcher.request({
      ...place,
      method: "GET",
      signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_TIME)]),
      headers: { "user-agent": this.#agent, "accept-encoding": "gzip", accept: "text/html" },
    });
  }

  #unreachable(error: unknown): OutsideUnreachable {
    const words = shortWords(errorMessage(partsOf(error)[0]));
    return new OutsideUnreachable(`${this.#site.host} cannot be reached: ${words}`, {
      fix: "Connect this machine, name a mirror ('wikipedia' URL), or play on pages that were kept ('recorded' DIR).",
      cause: error,
    });
  }
}

/**
 * Opens Wikipedia, or another site that answers in its way. Proxies are those of HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 */
export async function openSite(address: string, env: Env = process.env): Promise<Site> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return new Site(url, await userAgent(env));
  throw new AgentRefineError(`"${address}" is not the address of a Wikipedia`, {
    fix: `Give one such as ${WIKIPEDIA} ('wikipedia').`,
  });
}
