import type { ParquetTable } from "../dataset/write-parquet.ts";
import type { TokenizedRow } from "./tokenized-row.ts";

/** A tokenised row as the engines read it, with exactly these three columns: any other breaks LLaMA-Factory. */
export interface TokenizedColumns {
  readonly input_ids: readonly number[];
  readonly attention_mask: readonly number[];
  readonly labels: readonly number[];
}

/** The three columns of a row. Nothing is padded, so the mask is 1 everywhere. */
export function tokenizedColumns({ ids, labels }: TokenizedRow): TokenizedColumns {
  return {
    input_ids: Array.from(ids),
    attention_mask: new Array<number>(ids.length).fill(1),
    labels: Array.from(labels),
  };
}

function numbers(name: string): ParquetTable["schema"] {
  return [
    { name, converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", type: "INT32", repetition_type: "OPTIONAL" },
  ];
}

/** The Parquet schema of {@link TokenizedColumns}: three columns list<int32>. */
export const TOKENIZED_TABLE: ParquetTable = {
  columns: ["input_ids", "attention_mask", "labels"],
  schema: [
    { name: "schema", num_children: 3 },
    ...numbers("input_ids"),
    ...numbers("attention_mask"),
    ...numbers("labels"),
  ],
  rowsPerGroup: 100,
};
