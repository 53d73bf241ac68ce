import { AgentRefineError } from "../../../errors.ts";
import type { Difficulty } from "../../environment.ts";

/** What AgentBoard's label file says about one problem. Its goals are not used: they come from the problem. */
export interface PddlLabel {
  /** The name of the game. */
  readonly game: string;
  readonly difficulty: Difficulty;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function toLabel(row: unknown): PddlLabel | undefined {
  if (!isRecord(row)) return undefined;
  const { difficulty, additional_info: info } = row;
  const game = isRecord(info) ? info.subtask : undefined;
  if (typeof game !== "string" || (difficulty !== "easy" && difficulty !== "hard")) return undefined;
  return { game, difficulty };
}

/**
 * Reads AgentBoard's PDDL labels, one JSON object a line.
 * @throws AgentRefineError when a line is not a label.
 */
export function parsePddlLabels(text: string): readonly PddlLabel[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, i) => {
    const label = toLabel(parseJson(line));
    if (label !== undefined) return label;
    throw new AgentRefineError(`line ${i + 1} is not a PDDL label`, {
      fix: "Point to the pddl test.jsonl of AgentBoard's data archive.",
    });
  });
}
