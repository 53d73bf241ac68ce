import { type PaperRow, paperRow } from "./paper-row.ts";

const SMALL = "LLaMA-3-8B";

/** The best of ten attempts at temperature 1 in Table 4; its greedy rows are those of Table 1. */
export const TABLE_4: readonly PaperRow[] = [
  paperRow(SMALL, "AgentGym", "99.3 99.3 73.2 87.2 58.9 85.6 16.6 42.1 5.0 22.2"),
  paperRow(SMALL, "Agent-FLAN", "85.5 98.1 43.8 56.7 10.0 33.5 11.7 39.8 5.0 22.2"),
  paperRow(SMALL, "AgentRefine", "93.3 96.6 67.0 81.5 40.0 71.0 30.0 57.3 25 52.5"),
];
