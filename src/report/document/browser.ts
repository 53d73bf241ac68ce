import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Milliseconds that a browser may take to answer. */
const PATIENCE = 60_000;
/** Milliseconds that it may take to end. */
const FAREWELL = 5000;
/** Characters of what a browser says of itself that are kept. */
const KEPT = 2000;

const FLAGS = [
  ...["--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  // It is spoken to through two pipes, so that no port is opened.
  "--remote-debugging-pipe",
];

type Fields = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (result: Fields) => void;
  readonly reject: (error: Error) => void;
}

/** A page of a browser. */
interface BrowserPage {
  /** Asks for something of the protocol that Chromium is driven by; rejects with what the browser says of it. */
  ask(method: string, parameters?: Fields): Promise<Fields>;
  /** The next event of a name. */
  next(event: string): Promise<Fields>;
}

/** Messages in both directions, each ended by a zero byte. */
class Conversation {
  readonly #to: Writable;
  readonly #answers = new Map<number, Waiting>();
  readonly #events = new Map<string, Waiting[]>();
  #last = 0;
  #held = "";

  constructor(to: Writable, from: Readable) {
    this.#to = to;
    from.setEncoding("utf8").on("data", (text: string) => this.#take(text));
  }

  ask(method: string, parameters: Fields = {}, sessionId?: string): Promise<Fields> {
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<Fields>((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.#to.write(`${JSON.stringify({ id, method, params: parameters, sessionId })}\0`);
    return answer;
  }

  next(event: string): Promise<Fields> {
    return new Promise((resolve, reject) => {
      this.#events.set(event, [...(this.#events.get(event) ?? []), { resolve, reject }]);
    });
  }

  /** Nothing comes any more: tells all that wait. */
  end(error: Error): void {
    for (const waiting of [...this.#answers.values(), ...[...this.#events.values()].flat()])
      waiting.reject(error);
  }

  #take(text: string): void {
    const messages = `${this.#held}${text}`.split("\0");
    this.#held = messages.pop() ?? "";
    for (const message of messages) this.#hear(JSON.parse(message));
  }

  #hear(message: {
    readonly id?: number;
    readonly method?: string;
    readonly result?: Fields;
    readonly params?: Fields;
    readonly error?: { readonly message: string };
  }): void {
    const { id, method = "", result = {}, params = {}, error } = message;
    if (id === undefined) {
      const waiting = this.#events.get(method) ?? [];
      this.#events.delete(method);
      for (const { resolve } of waiting) resolve(params);
      return;
    }
    const waiting = this.#answers.get(id);
    this.#answers.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}

/** Ends a browser, and takes away what it has kept. */
async function close(child: ChildProcess, profile: string): Promise<void> {
  const isOver = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const ended = isOver ? undefined : once(child, "exit");
  child.kill();
  const slow = setTimeout(() => child.kill("SIGKILL"), FAREWELL);
  await ended;
  clearTimeout(slow);
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Starts a browser without a window, with an empty profile, and uses a page of it. Rejects with what the browser said
 * when it cannot be started, ends or takes too long.
 */
export async function withBrowser<Result>(
  program: string,
  use: (page: BrowserPage) => Promise<Result>,
): Promise<Result> {
  const profile = await mkdtemp(join(tmpdir(), "agentrefine-browser-"));
  // Its sandbox does not work for root, who is alone in a container most often; what is shown is ours.
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(program, [...FLAGS, ...asRoot, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (text: Buffer) => {
    said = `${said}${text}`.slice(-KEPT);
  });
  const [, , , to, from] = child.stdio as unknown as [null, null, Readable, Writable, Readable];
  // Writing to one that has ended is told by its end.
  to.on("error", () => undefined);
  const conversation = new Conversation(to, from);
  const fail = (problem: string): void => {
    const line = said.trim().split("\n").at(-1) ?? "";
    conversation.end(new Error(line === "" ? problem : `${problem}: ${line}`));
  };
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => fail(`it ended with ${signal ?? code}`));
  const slow = setTimeout(() => fail("it took too long"), PATIENCE);
  try {
    const { targetId } = await conversation.ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await conversation.ask("Target.attachToTarget", { targetId, flatten: true });
    return await use({
      ask: (method, parameters) => {
        slow.refresh();
        return conversation.ask(method, parameters, String(sessionId));
      },
      next: (event) => conversation.next(event),
    });
  } finally {
    clearTimeout(slow);
    await close(child, profile);
  }
}
