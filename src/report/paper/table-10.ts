import { type PaperRow, paperRow } from "./paper-row.ts";

const SMALL = "LLaMA-3-8B";

/** The means over ten attempts at temperature 1 in Table 10 (App. H). */
export const TABLE_10: readonly PaperRow[] = [
  paperRow(SMALL, "AgentGym", "64.3 78.0 48.2 64.2 25.5 55.4 4.5 16.9 0.0 15.3"),
  paperRow(SMALL, "Agent-FLAN", "54.7 71.6 31.4 41.4 1.2 11.1 3.8 16.4 0.0 10.5"),
  paperRow(SMALL, "AgentRefine", "60.1 72.9 37.6 52.2 10.4 35.0 13.2 37.4 11.0 30.9"),
];
