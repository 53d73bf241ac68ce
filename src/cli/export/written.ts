import type { ExampleCounts } from "../../dataset/formats/example-rows.ts";
import { exportGuide } from "../../dataset/formats/export-guide.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import type { TokenizedTally } from "../../tuning/tokenized-row.ts";
import type { TellProgress } from "./export-progress.ts";

/** What the README beside the data says beyond its format. */
export interface GuideNotes {
  /** Names and values that tell where the rows come from. */
  readonly facts: readonly (readonly [string, string])[];
  /** What stands before everything else, for data that is not trained as Eq. 1 says. */
  readonly warning?: string;
}

/** What came of an export of examples. */
export type Written =
  | { readonly kind: "text"; readonly counts: ExampleCounts; readonly readme: string }
  | {
      readonly kind: "tokenized";
      readonly tally: TokenizedTally;
      readonly maxTokens: number;
      readonly readme: string;
    };

/** What is written and how it is told. */
export interface WriteOptions {
  readonly examples: AsyncIterable<TrainingExample>;
  readonly notes: GuideNotes;
  /** Whether a folder may be replaced. */
  readonly replace: boolean;
  readonly tell: TellProgress;
}

/** The README of an export, a warning first. */
export function guideText(notes: GuideNotes, ...[content]: Parameters<typeof exportGuide>): string {
  const guide = exportGuide({ ...content, facts: [...notes.facts, ...content.facts] });
  return notes.warning === undefined ? guide : `> **${notes.warning}**\n\n${guide}`;
}
