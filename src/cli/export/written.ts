import type { ExampleCounts } from "../../dataset/formats/example-rows.ts";
import type { GuideNotes } from "../../dataset/formats/export-guide.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import type { TokenizedTally } from "../../tokens/tokenized-row.ts";
import type { TellProgress } from "./export-progress.ts";

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
  /** What the README says of where the rows come from; asked for when all have been read. */
  readonly notes: () => Promise<GuideNotes>;
  /** Whether a folder may be replaced. */
  readonly replace: boolean;
  readonly tell: TellProgress;
}
