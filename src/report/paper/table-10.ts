import { type PaperRow, paperRow } from "./paper-row.ts";

const SMALL = "LLaMA-3-8B";

/** The means over ten attempts at temperature 1 in Table 10 (App. H). */
export const TABLE_10: readonly PaperRow[] = [
  paperRow(SMALL, "AgentGym", "64.3 78.0 48.2 64.2 25.5 55.4 4.5 16.9 0.0 15.3"),
  paperRow(SMALL, "Agent-FLAN", "54.7 71.6 31.4 41.4 1.2 11.1 3.8 16.4 0.0 10.5"),
  paperRow(SMALL, "AgentRefine", "60.1 72.9 37.6 52.2 10.4 35.0 13.2 37.4 11.0 30.9"),
];

/** The standard deviations of {@link TABLE_10}, in the same order. */
export const TABLE_10_DEVIATIONS: readonly PaperRow[] = [
  paperRow(SMALL, "AgentGym", "3.3 3.1 3.3 2.3 4.7 3.2 1.8 3.1 0.0 1.5"),
  paperRow(SMALL, "Agent-FLAN", "3.9 2.5 3.0 3.1 1.0 1.2 1.6 2.7 0.0 1.9"),
  paperRow(SMALL, "AgentRefine", "2.6 2.4 1.3 1.9 3.2 3.2 2.0 2.2 4.6 3.2"),
];
