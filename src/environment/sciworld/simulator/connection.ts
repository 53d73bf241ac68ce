import { connect, type Socket } from "node:net";

/** The longest answer, in bytes: the longest of ScienceWorld, which lists what can be done, has some 50 KB. */
const LONGEST_ANSWER = 8 * 2 ** 20;
const LINE_BREAK = 0x0a;

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** A conversation with a JVM in which one request waits at a time. */
export class Connection {
  readonly #socket: Socket;
  #waiting: Waiting | undefined;
  #failure: Error | undefined;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (part: Buffer) => this.#receive(part));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the simulator closed the connection")));
    // Only who waits for an answer keeps this process from ending.
    socket.unref();
  }

  /** Nothing waits and nothing has gone wrong. */
  get isSound(): boolean {
    return this.#failure === undefined && this.#waiting === undefined;
  }

  /**
   * Sends lines and gives the one line of the answer. Rejects when there is none in time, when it is too long, and
   * when the other side goes; nothing more can be asked then.
   */
  ask(lines: readonly string[], seconds: number): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#waiting !== undefined) throw new Error("a request is asked while another one waits");
      if (this.#failure !== undefined) throw this.#failure;
      const late = (): void => this.#fail(new Error(`no answer within ${seconds} s`));
      this.#waiting = { resolve, reject, timer: setTimeout(late, seconds * 1000) };
      this.#socket.ref();
      this.#socket.write(`${lines.join("\n")}\n`);
    });
  }

  close(): void {
    this.#fail(new Error("the connection is closed"));
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(waiting?.timer);
    this.#socket.unref();
    return waiting;
  }

  #receive(part: Buffer): void {
    if (this.#failure !== undefined) return;
    this.#parts.push(part);
    this.#length += part.length;
    const isWhole = part.at(-1) === LINE_BREAK && part.indexOf(LINE_BREAK) === part.length - 1;
    if (this.#length > LONGEST_ANSWER) this.#fail(new Error("an answer is too long"));
    else if (!isWhole && part.includes(LINE_BREAK)) this.#fail(new Error("more than one answer came"));
    else if (isWhole) this.#answer();
  }

  #answer(): void {
    const line = Buffer.concat(this.#parts, this.#length).toString("utf8", 0, this.#length - 1);
    this.#parts = [];
    this.#length = 0;
    const waiting = this.#settle();
    if (waiting === undefined) this.#fail(new Error("an answer came to no request"));
    else waiting.resolve(line);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#parts = [];
    this.#settle()?.reject(this.#failure);
    this.#socket.destroy();
  }
}

/** Connects to a port of this machine. */
export function openConnection(port: number, seconds: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.setTimeout(seconds * 1000, () => socket.destroy(new Error(`no connection within ${seconds} s`)));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.setTimeout(0);
      resolve(new Connection(socket));
    });
  });
}
