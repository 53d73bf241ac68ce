import { AgentRefineError } from "../../errors.ts";
import type { Difficulty } from "../environment.ts";
import type { SubgoalPatterns } from "./play/progress.ts";

/** What AgentBoard's label file says about one task. */
export interface Label {
  readonly subgoals: SubgoalPatterns;
  readonly difficulty: Difficulty;
  /** The name of the level. */
  readonly level: string;
}

const FIX = "Point to the babyai test.jsonl of AgentBoard's data archive.";

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function toLabel(row: unknown): Label | undefined {
  if (!isRecord(row)) return undefined;
  const { difficulty, additional_info: info } = row;
  const { subtask: level } = isRecord(info) ? info : {};
  const subgoals = Object.keys(row)
    .filter((key) => key.includes("subgoals"))
    .map((key) => row[key]);
  if (difficulty !== "easy" && difficulty !== "hard") return undefined;
  if (typeof level !== "string" || subgoals.length === 0 || !subgoals.every(isTexts)) return undefined;
  const isEven = subgoals.every(({ length }) => length > 0 && length === subgoals[0]?.length);
  return isEven ? { subgoals, difficulty, level } : undefined;
}

/**
 * Reads AgentBoard's BabyAI labels, one JSON object a line.
 * @throws AgentRefineError when a line is not a label.
 */
export function parseLabels(text: string): readonly Label[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, i) => {
    const label = toLabel(parseJson(line));
    if (label === undefined) throw new AgentRefineError(`line ${i + 1} is not a BabyAI label`, { fix: FIX });
    return label;
  });
}
