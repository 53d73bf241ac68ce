import { ChatError, type ChatModel, type ChatRequest, type Sampling } from "../chat-model.ts";
import type { HttpSettings } from "../http.ts";
import type { ChatHandler, ChatServer } from "./chat-server.ts";
import type { ServedAnswer } from "./served-answer.ts";

/** What the contract asks an adapter to be opened with. */
interface ContractSettings extends HttpSettings, Sampling {
  readonly baseUrl: string;
  readonly key: string;
}

/** Opens the adapter under test. */
export type OpenModel = (settings: ContractSettings) => ChatModel;

/** Starts a server with these answers and the adapter under test in front of it. */
export type Start = (
  answer: ServedAnswer | ChatHandler,
  settings?: HttpSettings & Sampling,
) => Promise<{ readonly server: ChatServer; readonly model: ChatModel }>;

/** The key that every call is made with. */
export const KEY = "sk-contract-0123456789";
/** A text in which every kind of character is cut when bytes are. */
export const TEXT: string = "Größe: 你好, 👩‍🚀! ".repeat(30);
/** A request with every role. */
export const REQUEST: ChatRequest = {
  messages: [
    { role: "system", content: "You are a dungeon master." },
    { role: "user", content: "Begin." },
    { role: "assistant", content: "A room." },
    { role: "user", content: "Go on." },
  ],
};

/** The error that a call rejects with; anything but a ChatError fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<ChatError> {
  const error: unknown = await promise.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof ChatError) return error;
  throw error;
}

/** Waits until `holds`; the test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
