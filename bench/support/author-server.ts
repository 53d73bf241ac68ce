import { startChatServer } from "../../src/model/testing/chat-server.ts";
import { authorModel } from "./author-model.ts";
import { serveAt } from "./child.ts";

/** Milliseconds before the first byte; the rest follows at once. No provider writes whole replies so fast. */
const LATENCY = 500;

const model = authorModel(1);
const { url } = await startChatServer(
  async ({ messages }) => ({ text: (await model.chat({ messages })).text, latency: LATENCY }),
  { keepRequests: false },
);
await serveAt(url);
