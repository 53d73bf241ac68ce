import { type PaperRow, paperRow } from "./paper-row.ts";

const SMALL = "LLaMA-3-8B";

/** Table 9: with Reflexion (App. G). */
export const TABLE_9: readonly PaperRow[] = [
  paperRow(SMALL, "LLaMA-3-8B-Instruct", "41.2 56.2 45.5 56.5 7.8 39.4 10.0 38.4 5.0 20.9"),
  paperRow(SMALL, "AgentGym", "86.5 91.8 47.3 60.9 23.3 50.6 1.7 16.6 0.0 12.1"),
  paperRow(SMALL, "Agent-FLAN", "83.1 89.4 32.1 42.3 5.5 13.1 10.0 24.8 0.0 9.7"),
  paperRow(SMALL, "AgentRefine", "90.3 95.6 37.5 50.4 16.6 44.5 16.6 37.8 10.0 32.7"),
];
