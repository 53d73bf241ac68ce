/** A kind of file, by the ending of its name. */
export type FileEnding = ".jsonl" | ".parquet";
