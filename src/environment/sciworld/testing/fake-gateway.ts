import { createServer, type Socket } from "node:net";
import type { Gateway } from "../simulator/gateway.ts";

/** An episode that a fake gateway knows. */
export interface FakeEpisode {
  readonly kind: string;
  readonly variation: number;
  readonly description: string;
  /** What looking around shows at the beginning, and what is carried. */
  readonly sight: string;
  readonly belongings: string;
  readonly steps: readonly FakeStep[];
}

/** What the simulator answers to the next action of an episode, if it is this one. */
interface FakeStep {
  readonly action: string;
  readonly observation: string;
  readonly score?: number;
  readonly completed?: boolean;
  readonly moves?: number;
}

const TEMPLATES = ["go OBJ", "look around", "pick up OBJ", "reset task"];
/** Actions at which something goes wrong. */
const FAULTS: Readonly<Record<string, (socket: Socket) => void>> = {
  hang: () => {},
  "hang up": (socket) => socket.destroy(),
  "say twice": (socket) => socket.write("!ysone\n!ystwo\n"),
  flood: (socket) => {
    const megabyte = Buffer.alloc(2 ** 20, "a");
    for (let i = 0; i < 10; i += 1) socket.write(megabyte);
  },
  gibber: (socket) => socket.write("ok\n"),
  throw: (socket) => socket.write("!xro7\n"),
};

function text(value: string): string {
  return `!ys${value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}`;
}

function argument(line: string | undefined): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r" };
  return (line ?? "").slice(1).replace(/\\(.)/g, (_all, letter: string) => escapes[letter] ?? letter);
}

/** One world: the steps of an episode in their order. */
class FakeWorld {
  readonly #episodes: readonly FakeEpisode[];
  #episode: FakeEpisode | undefined;
  #place = 0;
  #hasLooked = false;
  #step: FakeStep | undefined;

  constructor(episodes: readonly FakeEpisode[]) {
    this.#episodes = episodes;
  }

  load(kind: string, variation: number): string {
    this.#episode = this.#episodes.find((each) => each.kind === kind && each.variation === variation);
    this.#place = 0;
    this.#hasLooked = false;
    this.#step = undefined;
    return this.#episode === undefined ? `ERROR: Task (${kind}): ERROR: Unknown task (${kind}).` : "";
  }

  step(action: string): string {
    const { sight = "", steps = [] } = this.#episode ?? {};
    if (!this.#hasLooked && action === "look around") {
      this.#hasLooked = true;
      return sight;
    }
    const place = steps.findIndex((step, i) => i >= this.#place && step.action.trim() === action);
    if (place < 0) return "No known action matches that input.";
    this.#place = place + 1;
    this.#step = steps[place];
    return steps[place]?.observation ?? "";
  }

  listed(): readonly string[] {
    const { steps = [] } = this.#episode ?? {};
    return [...new Set(steps.slice(this.#place).map(({ action }) => action.trim())), "reset task"];
  }

  /** The answer to a method; undefined for one that the simulator does not have. */
  answer(method: string, given: readonly string[]): string | undefined {
    const { description = "", belongings = "", steps = [] } = this.#episode ?? {};
    const { score = 0, completed = false, moves = 0 } = this.#step ?? {};
    const answers: Readonly<Record<string, () => string>> = {
      load: () => text(this.load(argument(given[0]), Number(argument(given[1])))),
      step: () => text(this.step(argument(given[0]))),
      getScore: () => `!yd${Number.isInteger(score) ? score.toFixed(1) : score}`,
      getCompleted: () => `!yb${completed}`,
      getNumMoves: () => `!yi${moves}`,
      freeActionInventory: () => text(belongings),
      getTaskDescription: () => text(description),
      getValidActionObjectCombinationsJSON: () =>
        text(JSON.stringify({ validActions: this.listed().map((action) => ({ action })) })),
      getPossibleActions: () => "!ylo11",
      getValidActionObjectCombinations: () => "!ylo12",
      getGoldActionSequence: () => "!ylo13",
      "list o11": () => text(TEMPLATES.join("\n")),
      "list o12": () => text(this.listed().join("\n")),
      "list o13": () => text(steps.map(({ action }) => action).join("\n")),
    };
    return answers[method]?.();
  }
}

/** Objects beside the world: the server that can be closed, a file, and where the JVM prints. */
const OTHERS: Readonly<Record<string, string>> = {
  "GATEWAY_SERVER getClass": "!yro1",
  "o1 getDeclaredField": "!yro2",
  "o2 setAccessible": "!yv",
  "o2 get": "!yro3",
  "o3 close": "!yv",
  "o4 deleteOnExit": "!yv",
  "z:java.lang.System getProperty": text("17"),
  "z:java.io.OutputStream nullOutputStream": "!yro6",
  "z:java.lang.System setOut": "!yv",
  "o7 toString": text("java.lang.IllegalStateException: it was asked to throw"),
};

/** A gateway of a simulator that knows some episodes. */
export interface FakeGateway extends Gateway {
  /** The methods that were called, and the lists that were forgotten, in order. */
  readonly calls: readonly string[];
}

function answerTo(lines: readonly string[], world: FakeWorld, calls: string[]): string {
  const [command, target = "", method = "", ...given] = lines;
  if (command === "i") return target === "java.io.File" ? "!yro4" : "!yro5";
  calls.push(command === "m" ? `forget ${method}` : method);
  if (command === "m") return "!yv";
  const other = OTHERS[`${target} ${method}`];
  if (other !== undefined) return other;
  const asked = method === "join" ? `list ${(given[1] ?? "").slice(1)}` : method;
  return world.answer(asked, given) ?? text(`no method ${method}`).replace("!y", "!x");
}

/** Calls `found` with the lines of every command that comes. */
function eachCommand(socket: Socket, found: (command: readonly string[]) => void): void {
  let unread = "";
  let command: string[] = [];
  socket.setEncoding("utf8");
  socket.on("data", (part: string) => {
    const lines = `${unread}${part}`.split("\n");
    unread = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "e") command.push(line);
      else {
        found(command);
        command = [];
      }
    }
  });
}

/** Serves a fake simulator on the loopback, in this process, with py4j's protocol. */
export async function startFakeGateway(episodes: readonly FakeEpisode[]): Promise<FakeGateway> {
  const calls: string[] = [];
  const sockets = new Set<Socket>();
  let isRunning = true;
  let end = (_words: string): void => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const server = createServer((socket) => {
    const world = new FakeWorld(episodes);
    sockets.add(socket);
    socket.on("error", () => {});
    eachCommand(socket, (command) => {
      const action = command[2] === "step" ? argument(command[3]) : "";
      const fault = Object.hasOwn(FAULTS, action) ? FAULTS[action] : undefined;
      if (fault === undefined) socket.write(`${answerTo(command, world, calls)}\n`);
      else fault(socket);
      if (command[1] === "o3") server.close();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    pid: process.pid,
    folder: "/nowhere",
    calls,
    ended,
    get isRunning() {
      return isRunning;
    },
    close: () => {
      isRunning = false;
      server.close();
      for (const socket of sockets) socket.destroy();
      end("was closed");
    },
  };
}
