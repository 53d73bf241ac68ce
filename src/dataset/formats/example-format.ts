import type { TrainingExample } from "../training-example.ts";
import type { ParquetTable } from "../write-parquet.ts";
import { CONVERSATION_TABLE, conversationRow } from "./conversations.ts";
import type { FileEnding } from "./file-ending.ts";
import { llamaFactoryV1Row } from "./llamafactory-v1.ts";
import { messagesRow } from "./messages.ts";
import { openAiRow } from "./openai.ts";
import { prefixRows, promptCompletionRows } from "./prefix.ts";
import { togetherRow } from "./together.ts";

/** A form in which training examples can be exported as text. */
export interface ExampleFormat {
  /** What a row is, in words for the command line's help. */
  readonly makes: string;
  readonly endings: readonly FileEnding[];
  /** The schema of its Parquet files; given when `.parquet` is among the endings. */
  readonly table?: ParquetTable;
  /** The rows of one example; at least one when the example has a correct turn. */
  rows(example: TrainingExample): readonly object[];
}

/** The name of a text format of training examples, as the user gives it. */
export type ExampleFormatName =
  | "conversations"
  | "messages"
  | "openai"
  | "together"
  | "llamafactory-v1"
  | "prefix"
  | "prompt-completion";

/** Every text format of training examples (paper section 3.3, Eq. 1: which of the turns are trained). */
export const EXAMPLE_FORMATS: Readonly<Record<ExampleFormatName, ExampleFormat>> = {
  conversations: {
    makes: "{id, conversations: [{from, loss, value}]}, the schema of the published AgentRefine sets",
    endings: [".jsonl", ".parquet"],
    table: CONVERSATION_TABLE,
    rows: (example) => [conversationRow(example)],
  },
  messages: {
    makes: "{id, messages: [{role, content, train, loss}]}, for axolotl and ms-swift",
    endings: [".jsonl"],
    rows: (example) => [messagesRow(example)],
  },
  openai: {
    makes: "{messages: [{role, content, weight}]}, weights on the assistant's messages only",
    endings: [".jsonl"],
    rows: (example) => [openAiRow(example)],
  },
  together: {
    makes: "{messages: [{role, content, weight}]}, a weight on every message",
    endings: [".jsonl"],
    rows: (example) => [togetherRow(example)],
  },
  "llamafactory-v1": {
    makes: "{messages: [{role, content: [{type, value}], loss_weight}]}, for LLaMA-Factory's v1 engine",
    endings: [".jsonl"],
    rows: (example) => [llamaFactoryV1Row(example)],
  },
  prefix: {
    makes: "{messages: [{role, content}]}, one row for each correct turn, ending on it",
    endings: [".jsonl"],
    rows: prefixRows,
  },
  "prompt-completion": {
    makes: "{prompt: [{role, content}], completion: [{role, content}]}, one row for each correct turn",
    endings: [".jsonl"],
    rows: promptCompletionRows,
  },
};
