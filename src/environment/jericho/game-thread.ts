import { Worker } from "node:worker_threads";
import type { Answer } from "./game.ts";
import type { StoryFile } from "./stories.ts";

/** What a thread is asked for. */
export type Request =
  | { readonly ask: "open"; readonly story: StoryFile }
  | { readonly ask: "step"; readonly action: string }
  | { readonly ask: "actions" };

/** What a thread answers. */
export type Reply =
  | { readonly answer: Answer }
  | { readonly actions: readonly string[] }
  | { readonly error: string };

/** A game that is played in a thread of its own, so that one which hangs can be ended. */
interface ThreadedGame extends AsyncDisposable {
  readonly start: Answer;
  step(action: string): Promise<Answer>;
  /** The actions that would change something now. Slow: seconds in large games. */
  actions(): Promise<readonly string[]>;
}

/** Threads that have no game. */
const idle: Worker[] = [];

function startThread(): Worker {
  // Beside the sources lies no JavaScript yet: they are read by jiti, which is slower to start.
  const isSource = import.meta.url.endsWith(".ts");
  const file = isSource ? "./game-worker.ts" : "./game-worker.js";
  const worker = new Worker(new URL(file, import.meta.url), {
    execArgv: isSource ? ["--import", "jiti/register"] : [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  worker.setMaxListeners(0);
  // Who asks it something is told; one that dies while nobody does is just not there any more.
  worker.on("error", () => {});
  worker.once("exit", () => {
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
  });
  return worker;
}

/**
 * Starts a thread that the first game will not have to wait for. It holds nothing up, and is used or goes with the
 * process.
 */
export function startThreadAhead(): void {
  if (idle.length > 0) return;
  const worker = startThread();
  worker.unref();
  idle.push(worker);
}

/** Asks a thread; one question at a time. Rejects when the game fails or its thread dies. */
function ask(worker: Worker, request: Request): Promise<Exclude<Reply, { error: string }>> {
  // A thread holds the process only while it is asked something.
  worker.ref();
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      worker.unref();
      act();
    };
    const onMessage = (reply: Reply) =>
      settle(() => ("error" in reply ? reject(new Error(reply.error)) : resolve(reply)));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error("the game's thread has ended")));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    worker.postMessage(request);
  });
}

/** Opens a game in a thread that has none, or in a new one, and begins it. */
export async function openGame(story: StoryFile): Promise<ThreadedGame> {
  const worker = idle.pop() ?? startThread();
  let isAsked = false;
  let isClosed = false;
  const answered = async <Kind extends "answer" | "actions">(
    request: Request,
    kind: Kind,
  ): Promise<Extract<Reply, Record<Kind, unknown>>> => {
    isAsked = true;
    const reply = await ask(worker, request);
    isAsked = false;
    if (kind in reply) return reply as Extract<Reply, Record<Kind, unknown>>;
    throw new Error("the game's thread answers something else");
  };
  const start = (await answered({ ask: "open", story }, "answer")).answer;
  return {
    start,
    step: async (action) => (await answered({ ask: "step", action }, "answer")).answer,
    actions: async () => (await answered({ ask: "actions" }, "actions")).actions,
    [Symbol.asyncDispose]: async () => {
      if (isClosed) return;
      isClosed = true;
      // One that hangs, or whose game has failed, is not used again.
      if (isAsked) await worker.terminate();
      else idle.push(worker);
    },
  };
}
