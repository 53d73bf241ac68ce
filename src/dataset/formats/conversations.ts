import type { TrainingExample } from "../training-example.ts";
import type { ParquetTable } from "../write-parquet.ts";

/** A message in the schema of the published AgentRefine and AgentInstruct sets; the order of the keys is theirs. */
export interface ConversationMessage {
  readonly from: "human" | "gpt";
  readonly loss: boolean | null;
  readonly value: string;
}

/** One row in the schema of the published AgentRefine sets. */
export interface ConversationRow {
  readonly id: string;
  readonly conversations: readonly ConversationMessage[];
}

/** A training example as a row of conversations. */
export function conversationRow(example: TrainingExample): ConversationRow {
  return {
    id: example.id,
    conversations: example.messages.map(({ role, content, loss }) => ({
      from: role === "user" ? "human" : "gpt",
      loss,
      value: content,
    })),
  };
}

/**
 * The Parquet schema of {@link ConversationRow}: id: string, conversations: list<struct<from: string,
 * loss: boolean, value: string>>. Everything is optional, as in the files that Hugging Face's `datasets` writes,
 * so that such files can be read together with these.
 */
export const CONVERSATION_TABLE: ParquetTable = {
  columns: ["id", "conversations"],
  schema: [
    { name: "schema", num_children: 2 },
    { name: "id", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    { name: "conversations", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", num_children: 3 },
    { name: "from", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    { name: "loss", type: "BOOLEAN", repetition_type: "OPTIONAL" },
    { name: "value", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  ],
};
