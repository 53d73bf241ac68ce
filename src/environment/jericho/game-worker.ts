import { parentPort } from "node:worker_threads";
import { errorMessage } from "../../errors.ts";
import { Game } from "./game.ts";
import type { Reply, Request } from "./game-thread.ts";
import { validActions } from "./valid-actions.ts";
import { readStory } from "./zmachine/story.ts";

let game: Game | undefined;

function reply(request: Request): Reply {
  if (request.ask === "open") {
    const { facts, bytes } = request.story;
    game = new Game(readStory(bytes, facts.file), facts);
    return { answer: game.start() };
  }
  if (game === undefined) return { error: "there is no game" };
  if (request.ask === "step") return { answer: game.step(request.action) };
  return { actions: validActions(game) };
}

// The thread that game-thread.ts starts: one game after another, one question at a time.
parentPort?.on("message", (request: Request) => {
  let answer: Reply;
  try {
    answer = reply(request);
  } catch (error) {
    answer = { error: errorMessage(error) };
  }
  parentPort?.postMessage(answer);
});
