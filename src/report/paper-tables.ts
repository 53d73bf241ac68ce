import { heldOutScore } from "../evaluation/metrics/held-out.ts";
import type { Measure } from "../evaluation/metrics/scores.ts";

/** The suites of the paper's tables, in their order. */
export const PAPER_SUITES = ["alfworld", "babyai", "sciworld", "pddl", "jericho"] as const;

/** A suite of the paper's tables. */
export type PaperSuite = (typeof PAPER_SUITES)[number];

/** A success rate and a progress rate in per cent, as they are printed. */
interface PaperScore {
  readonly success: number;
  readonly progress: number;
}

/** One row of a table of the paper. */
export interface PaperRow {
  /** The base model, where the table has several. */
  readonly series: string;
  readonly method: string;
  /** Suites that the row leaves blank are missing. */
  readonly scores: ReadonlyMap<PaperSuite, PaperScore>;
}

/** Reads a row as it is printed: success and progress of each suite in turn, `-` for a blank. */
function paperRow(series: string, method: string, printed: string): PaperRow {
  const cells = printed.split(" ");
  const scores = PAPER_SUITES.flatMap((suite, place): readonly (readonly [PaperSuite, PaperScore])[] => {
    const [success, progress] = cells.slice(2 * place, 2 * place + 2).map(Number);
    if (success === undefined || progress === undefined || Number.isNaN(success)) return [];
    return [[suite, { success, progress }]];
  });
  return { series, method, scores: new Map(scores) };
}

const GPT = "GPT";
const SMALL = "LLaMA-3-8B";
const MISTRAL = "Mistral-7B";
const LARGE = "LLaMA-3-70B";

/** Table 1, the main results: greedy decoding, 30 turns. */
export const TABLE_1: readonly PaperRow[] = [
  paperRow(GPT, "GPT-4o", "66.4 79.9 48.2 64.1 40 76.9 61.7 69.8 10.0 34.0"),
  paperRow(GPT, "GPT-4o-mini", "37.3 65.0 36.6 51.9 23.3 49.8 25.0 49.1 10.0 28.5"),
  paperRow(SMALL, "LLaMA-3-8B-Instruct", "22.4 46.1 45.5 56.5 7.8 41.1 10.0 38.4 0.0 24.3"),
  paperRow(SMALL, "AgentGen", "29.1 47.6 20.5 35.0 - - 11.7 23.0 - -"),
  paperRow(SMALL, "AgentGym", "61.9 76.9 47.3 61.4 18.9 47.5 1.7 16.6 0.0 12.9"),
  paperRow(SMALL, "Agent-FLAN", "67.2 79.7 25.0 35.3 1.1 10.9 8.3 25.5 0.0 10.1"),
  paperRow(SMALL, "AgentRefine", "44.8 63.8 37.5 50.4 14.4 42.6 16.6 37.8 10.0 32.3"),
  paperRow(MISTRAL, "Mistral-7B-Instruct-v0.3", "12.4 35.9 36.6 45.8 6.7 24.7 13.3 27.8 0.0 17.3"),
  paperRow(MISTRAL, "AgentGym", "76.9 86.7 40.2 56.3 15.6 48.3 1.7 7.3 0.0 13.0"),
  paperRow(MISTRAL, "Agent-FLAN", "77.6 87.6 15.2 21.0 0 6.7 0 3.2 0.0 0.7"),
  paperRow(MISTRAL, "AgentRefine", "51.4 68.8 25.9 42.4 4.4 22.4 11.7 32.8 5.0 28.8"),
  paperRow(LARGE, "LLaMA-3-70B-Instruct", "67.2 75.2 48.2 61.8 42.2 75.4 55.0 79.8 25.0 46.4"),
  paperRow(LARGE, "Agent-FLAN", "80.5 86.8 32.1 41.2 5.5 16.4 25.0 53.7 0.0 13.6"),
  paperRow(LARGE, "AgentRefine", "67.2 72.1 44.6 59.7 17.7 46.4 38.3 58.6 15.0 37.2"),
];

/** The best of ten attempts at temperature 1 in Table 4; its greedy rows are those of Table 1. */
export const TABLE_4: readonly PaperRow[] = [
  paperRow(SMALL, "AgentGym", "99.3 99.3 73.2 87.2 58.9 85.6 16.6 42.1 5.0 22.2"),
  paperRow(SMALL, "Agent-FLAN", "85.5 98.1 43.8 56.7 10.0 33.5 11.7 39.8 5.0 22.2"),
  paperRow(SMALL, "AgentRefine", "93.3 96.6 67.0 81.5 40.0 71.0 30.0 57.3 25 52.5"),
];

/** Table 9: with Reflexion (App. G). */
const TABLE_9: readonly PaperRow[] = [
  paperRow(SMALL, "LLaMA-3-8B-Instruct", "41.2 56.2 45.5 56.5 7.8 39.4 10.0 38.4 5.0 20.9"),
  paperRow(SMALL, "AgentGym", "86.5 91.8 47.3 60.9 23.3 50.6 1.7 16.6 0.0 12.1"),
  paperRow(SMALL, "Agent-FLAN", "83.1 89.4 32.1 42.3 5.5 13.1 10.0 24.8 0.0 9.7"),
  paperRow(SMALL, "AgentRefine", "90.3 95.6 37.5 50.4 16.6 44.5 16.6 37.8 10.0 32.7"),
];

/** The means over ten attempts at temperature 1 in Table 10 (App. H). */
const TABLE_10: readonly PaperRow[] = [
  paperRow(SMALL, "AgentGym", "64.3 78.0 48.2 64.2 25.5 55.4 4.5 16.9 0.0 15.3"),
  paperRow(SMALL, "Agent-FLAN", "54.7 71.6 31.4 41.4 1.2 11.1 3.8 16.4 0.0 10.5"),
  paperRow(SMALL, "AgentRefine", "60.1 72.9 37.6 52.2 10.4 35.0 13.2 37.4 11.0 30.9"),
];

/** A table of the paper to put beside evaluations. */
export interface PaperTable {
  readonly title: string;
  readonly rows: readonly PaperRow[];
}

/** What evaluations have that decides which tables belong beside them. */
interface PaperNeeds {
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
