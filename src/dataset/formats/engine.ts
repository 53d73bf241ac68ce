import type { ExampleFormatName } from "./example-format.ts";

/** A form of training examples that has been through a tokenizer. */
export type TokenizedFormatName = "hf-disk" | "tokenized-jsonl" | "tokenized-parquet";

/** Every form in which training examples leave this program. */
export type ExportName = ExampleFormatName | TokenizedFormatName;

/** A training engine and what it makes of each export. */
export interface Engine {
  /** How its makers write its name. */
  readonly title: string;
  /** The export to use when the user has none in mind. */
  readonly use: ExportName;
  /** The exports from which it computes Eq. 1, with the settings that it needs for that. */
  readonly obeys: Readonly<Partial<Record<ExportName, string>>>;
  /**
   * The exports from which it should compute Eq. 1 although nothing that could be read or run shows it, with the settings
   * and what to look into first.
   */
  readonly unconfirmed?: Readonly<Partial<Record<ExportName, string>>>;
  /** The exports that it reads without a word and trains on error turns all the same, and why. */
  readonly mistrains: Readonly<Partial<Record<ExportName, string>>>;
}

/** What an engine makes of an export. */
export type EngineVerdict =
  | { readonly code: "obeys"; readonly settings: string }
  | { readonly code: "unconfirmed"; readonly settings: string }
  | { readonly code: "mistrains"; readonly why: string; readonly use: ExportName }
  | { readonly code: "cannot-read"; readonly use: ExportName };

/** What an engine makes of an export, by the table of what is known about it. */
export function engineVerdict(
  { obeys, unconfirmed = {}, mistrains, use }: Engine,
  format: ExportName,
): EngineVerdict {
  const settings = obeys[format];
  if (settings !== undefined) return { code: "obeys", settings };
  const hoped = unconfirmed[format];
  if (hoped !== undefined) return { code: "unconfirmed", settings: hoped };
  const why = mistrains[format];
  return why === undefined ? { code: "cannot-read", use } : { code: "mistrains", why, use };
}

/** The settings for an export that an engine obeys, or should obey. */
export function engineSettings({ obeys, unconfirmed }: Engine, format: ExportName): string | undefined {
  return obeys[format] ?? unconfirmed?.[format];
}
