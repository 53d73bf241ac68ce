import {
  CONVERSATION_TABLE,
  type ConversationRow,
  conversationRow,
} from "../../dataset/formats/conversations.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import type { ParquetTable } from "../../dataset/write-parquet.ts";

/** Where a persona comes from and under which licence. */
export interface PersonaSource {
  readonly name: string;
  readonly licence: string;
}

/** A row of a data set on the Hugging Face hub: the published schema and the origin of its persona. */
export interface HubRow extends ConversationRow {
  readonly persona_source: string;
  readonly persona_license: string;
}

/** An example as a row of the hub. */
export function hubRow(example: TrainingExample, { name, licence }: PersonaSource): HubRow {
  return { ...conversationRow(example), persona_source: name, persona_license: licence };
}

const [, ...CONVERSATION_COLUMNS] = CONVERSATION_TABLE.schema;

/** The Parquet schema of {@link HubRow}. */
export const HUB_TABLE: ParquetTable = {
  columns: [...CONVERSATION_TABLE.columns, "persona_source", "persona_license"],
  schema: [
    { name: "schema", num_children: 4 },
    ...CONVERSATION_COLUMNS,
    { name: "persona_source", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    { name: "persona_license", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  ],
};
