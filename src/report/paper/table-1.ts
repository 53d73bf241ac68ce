import { type PaperRow, paperRow } from "./paper-row.ts";

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
