import type { SynthesisRecord } from "../../synthesis/record.ts";
import { explain } from "../../synthesis/synthesis.ts";
import { storedTrajectory } from "../stored-trajectory.ts";
import type { Host } from "../terminal/host.ts";
import { paintFor, type Style } from "../terminal/paint.ts";
import { wrapText } from "../terminal/wrap-text.ts";
import { showWords } from "../words.ts";
import { type ShownKind, showTrajectory } from "./show-trajectory.ts";

const STYLES: Readonly<Record<ShownKind, Style>> = {
  heading: "bold",
  thought: "dim",
  observation: "cyan",
  action: "green",
  error: "red",
  refinement: "yellow",
  fault: ["bold", "red"],
};

/** Text is hard to read on lines that are longer. */
const WIDEST = 110;

/** One persona's record for reading; of a rejected one, what was verified and why it was rejected. */
export function recordLines(record: SynthesisRecord, host: Host): readonly string[] {
  const { stdout, env } = host;
  const paint = paintFor(stdout, env);
  const width = Math.min(stdout.columns, WIDEST);
  const last = record.faults.at(-1);
  const why = record.outcome === "rejected" && last !== undefined ? explain(last) : record.reason;
  const trajectory = storedTrajectory(record);
  const head = showWords.head(record);
  if (trajectory === undefined) {
    const lines = [head, record.persona, why ?? ""].flatMap((text) => wrapText(text, { width, indent: 0 }));
    return lines;
  }
  const shown = showTrajectory(
    {
      persona: record.persona,
      trajectory,
      ...(record.outcome === "accepted" || why === undefined ? {} : { fault: why }),
    },
    { width, style: (kind, text) => paint(STYLES[kind], text) },
  );
  return [paint("bold", head), "", ...shown];
}
