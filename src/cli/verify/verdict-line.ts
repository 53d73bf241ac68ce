import { printableLine } from "../../printable.ts";
import type { LineVerdict } from "../../verifier/verify-line.ts";
import { verifyWords } from "../words.ts";

/**
 * A verdict as one line: in words for the line with the given number, or as JSON with exactly the keys
 * `accepted`, `fault`, `verified` and `errors`.
 */
export function verdictLine(verdict: LineVerdict, number: number | undefined): string {
  const { accepted, fault, verified, errors, problem = "" } = verdict;
  if (number === undefined) return `${JSON.stringify({ accepted, fault, verified, errors })}\n`;
  if (fault === null) return `${verifyWords.accepted(number, verified, errors)}\n`;
  const line = verifyWords.rejected({ number, fault, verified, problem });
  return `${printableLine(line)}\n`;
}
