import { parentPort } from "node:worker_threads";
import { errorMessage } from "../../errors.ts";
import { Game } from "./game.ts";
import type { Reply, Request } from "./game-thread.ts";
import { readStory } from "./zmachine/story.ts";

let game: Game | undefined;

async function reply(request: Request): Promise<Reply> {
  if (request.ask === "open") {
    const { facts, bytes } = request.story;
    game = new Game(readStory(bytes, facts.file), facts);
    return { answer: game.start() };
  }
  if (game === undefined) return { error: "there is no game" };
  if (request.ask === "step") return { answer: game.step(request.action) };
  // Few games are asked for them, and a thread starts faster without.
  const { validActions } = await import("./valid-actions.ts");
  return { actions: validActions(game) };
}

// The thread that game-thread.ts starts: one game after another, one question at a time.
parentPort?.on("message", async (request: Request) => {
  let answer: Reply;
  try {
    answer = await reply(request);
  } catch (error) {
    answer = { error: errorMessage(error) };
  }
  parentPort?.postMessage(answer);
});
