import type { TrainingExample, TrainingMessage } from "./training-example.ts";

/** A row of somebody else's data, read; or why it cannot be used. */
type ReadRow =
  | { readonly example: TrainingExample; readonly problem?: undefined }
  | { readonly example?: undefined; readonly problem: string };

const ID_COLUMNS = ["id", "item_id", "conversation_id"] as const;
const MESSAGE_COLUMNS = ["conversations", "messages", "conversation"] as const;

/** The names under which {@link readChatRow} finds anything in a row. */
export const CHAT_COLUMNS: readonly string[] = [
  ...ID_COLUMNS,
  ...MESSAGE_COLUMNS,
  ...["instruction", "input", "output", "system", "history"],
];

/** How long a message and how many messages a row may have. */
const MAXIMUM_CHARACTERS = 1_000_000;
const MAXIMUM_MESSAGES = 2000;

type Speaker = "system" | "user" | "assistant";

/** The words of the known data sets for who speaks. Tools and environments speak to the model as users do. */
const SPEAKERS = {
  system: ["system"],
  user: ["human", "user", "observation", "environment", "tool", "function_response"],
  assistant: ["gpt", "assistant", "chatgpt", "bing", "bard", "model", "function_call"],
} as const satisfies Readonly<Record<Speaker, readonly string[]>>;

function speakerOf(role: string): Speaker | undefined {
  const word = role.toLowerCase();
  return (["system", "user", "assistant"] as const).find((speaker) =>
    SPEAKERS[speaker].some((each) => each === word),
  );
}

/** The first of some keys that has a value; rows of Parquet have every column, and null where there is nothing. */
function own(value: object, ...keys: readonly string[]): unknown {
  for (const key of keys) {
    const found: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** The mask of a message under any of the names it goes by; trained when it has none. */
function lossOf(message: object): boolean {
  const mask = own(message, "loss", "train", "weight", "loss_weight");
  return isNumber(mask) ? mask > 0 : mask !== false;
}

/** A message as it was found, before neighbours are joined. */
interface Spoken {
  readonly speaker: Speaker;
  readonly content: string;
  readonly loss: boolean;
}

function spoken(value: unknown): Spoken | string {
  if (typeof value !== "object" || value === null) return "a message is not an object";
  const role = own(value, "from", "role");
  if (role === undefined) return "a message has no role";
  if (typeof role !== "string") return "a message has a role that is not a text";
  const speaker = speakerOf(role);
  if (speaker === undefined) return `the role ${JSON.stringify(role).slice(0, 40)} is not known`;
  const content = own(value, "value", "content");
  if (typeof content !== "string") return "a message has no text";
  if (content.length > MAXIMUM_CHARACTERS) return `a message is longer than ${MAXIMUM_CHARACTERS} characters`;
  return { speaker, content: content.toWellFormed().trim(), loss: lossOf(value) };
}

/** Takes a message in: joins what one speaker says in a row, and what the system says with the user's. */
function joined(messages: TrainingMessage[], { speaker, content, loss }: Spoken): string | undefined {
  const last = messages.at(-1);
  const role = speaker === "assistant" ? "assistant" : "user";
  if (content === "" && speaker === "assistant") return "an answer is empty";
  if (content === "" && (speaker === "system" || last?.role === "user")) return undefined;
  if (last === undefined && role === "assistant") return undefined;
  if (last?.role !== role) {
    messages.push(role === "user" ? { role, content, loss: null } : { role, content, loss });
    return undefined;
  }
  if (last.role === "assistant" && last.loss !== loss) return "two answers in a row differ in their loss";
  messages[messages.length - 1] = { ...last, content: `${last.content}\n\n${content}` };
  return undefined;
}

/**
 * Reads messages in any of the known forms: `from`/`value` or `role`/`content`, with a mask under `loss`, `train` or
 * `weight`, or none. The result has the shape that every export relies on: what the system says stands in front of
 * the user's message after it, answers before the first question and questions after the last answer are left out,
 * and neighbours with one role are one message.
 */
function readMessages(id: string, values: readonly unknown[]): ReadRow {
  if (values.length > MAXIMUM_MESSAGES) return { problem: `has more than ${MAXIMUM_MESSAGES} messages` };
  const messages: TrainingMessage[] = [];
  for (const value of values) {
    const message = spoken(value);
    const problem = typeof message === "string" ? message : joined(messages, message);
    if (problem !== undefined) return { problem };
  }
  if (messages.at(-1)?.role === "user") messages.pop();
  return messages.length === 0
    ? { problem: "has no question with an answer" }
    : { example: { id, messages } };
}

/** Reads an alpaca row: instruction and input are the question, output the answer, `history` earlier pairs. */
function readAlpaca(id: string, row: object): ReadRow {
  const text = (key: string): string => {
    const value = own(row, key);
    return typeof value === "string" ? value : "";
  };
  const history = own(row, "history");
  const pairs = Array.isArray(history) ? history.filter(Array.isArray) : [];
  const question = [text("instruction"), text("input")].filter((part) => part.trim() !== "").join("\n\n");
  return readMessages(id, [
    { role: "system", content: text("system") },
    ...pairs.flatMap(([asked, answered]) => [
      { role: "user", content: asked },
      { role: "assistant", content: answered },
    ]),
    { role: "user", content: question },
    { role: "assistant", content: text("output") },
  ]);
}

/**
 * Reads a row of general or agent data as a training example: ShareGPT and AgentRefine (`conversations`), AgentGym's
 * AgentTraj-L (`item_id`, `conversations`), AgentInstruct, Agent-FLAN (`conversation`), `messages`, or alpaca
 * (`instruction`, `input`, `output`). A row without an id gets `fallbackId`.
 */
export function readChatRow(value: unknown, fallbackId: string): ReadRow {
  if (typeof value !== "object" || value === null) return { problem: "is not a JSON object" };
  const given = own(value, ...ID_COLUMNS);
  const id = typeof given === "string" || isNumber(given) ? `${given}` : fallbackId;
  const messages = own(value, ...MESSAGE_COLUMNS);
  if (Array.isArray(messages)) return readMessages(id, messages);
  if (own(value, "instruction") !== undefined && own(value, "output") !== undefined) {
    return readAlpaca(id, value);
  }
  return { problem: "has neither conversations nor messages nor an instruction and an output" };
}
