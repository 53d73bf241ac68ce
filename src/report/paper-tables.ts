import { heldOutScore } from "../evaluation/metrics/held-out.ts";
import type { Measure } from "../evaluation/metrics/scores.ts";
import type { PaperRow } from "./paper/paper-row.ts";
import { TABLE_1 } from "./paper/table-1.ts";
import { TABLE_4 } from "./paper/table-4.ts";
import { TABLE_9 } from "./paper/table-9.ts";
import { TABLE_10 } from "./paper/table-10.ts";

/** A table of the paper to put beside evaluations. */
export interface PaperTable {
  readonly title: string;
  readonly rows: readonly PaperRow[];
}

/** What evaluations have that decides which tables belong beside them. */
export interface PaperNeeds {
  /** Some have several attempts at each task. */
  readonly sampled: boolean;
  /** Some use Reflexion. */
  readonly reflexion: boolean;
}

/** The paper's tables that belong beside evaluations of a kind. */
export function paperTables({ sampled, reflexion }: PaperNeeds): readonly PaperTable[] {
  return [
    { title: "Table 1", rows: TABLE_1 },
    ...(sampled
      ? [
          { title: "Table 4, best of 10", rows: TABLE_4 },
          { title: "Table 10, mean of 10", rows: TABLE_10 },
        ]
      : []),
    ...(reflexion ? [{ title: "Table 9, Reflexion", rows: TABLE_9 }] : []),
  ];
}

/** The score of a row over these suites with App. A's weights, in per cent; undefined when it lacks one. */
export function paperHeldOut(
  { scores }: PaperRow,
  suites: readonly string[],
  measure: Measure,
): number | undefined {
  const listed = [...scores].filter(([suite]) => suites.includes(suite));
  if (listed.length < suites.length) return undefined;
  return heldOutScore(new Map(listed.map(([suite, score]) => [suite, score[measure]])));
}
