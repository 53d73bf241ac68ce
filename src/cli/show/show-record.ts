import { type Annotation, annotatorKey } from "../../annotation/annotation.ts";
import { readAnnotations, skippedWords } from "../../annotation/annotation-file.ts";
import { synthesisOf } from "../../config/run-settings.ts";
import { AgentRefineError } from "../../errors.ts";
import { counted, dollars, wholeNumber } from "../../numbers.ts";
import { printable } from "../../printable.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import type { IndexedRun } from "../../synthesis/indexed-run.ts";
import { type AnsweredCall, answeredCalls, turnStart } from "../../synthesis/persona-calls.ts";
import { callsAt, recordsAt, storedTrajectory } from "../../synthesis/read-run.ts";
import type { IndexedPersona, SynthesisRecord } from "../../synthesis/record.ts";
import { explain } from "../../synthesis/synthesis.ts";
import type { Host } from "../terminal/host.ts";
import { type Paint, paintFor, type Style, tell, wrapText } from "../terminal/text.ts";
import { type ShownKind, showTrajectory } from "./show-trajectory.ts";

const SHOWN = 5;

/** The persona whose id begins with `prefix`. Throws AgentRefineError unless there is exactly one. */
export function findPersona({ entries, damage }: IndexedRun, prefix: string): IndexedPersona {
  const found = entries.filter(({ id }) => id.startsWith(prefix.toLowerCase()));
  const [first] = found;
  if (first === undefined) {
    const hidden = damage.length === 0 ? "" : `; ${counted(damage.length, "line")} of the run cannot be read`;
    throw new AgentRefineError(`no ended persona has an id that begins with "${prefix}"${hidden}`, {
      fix: "List the run with `agentrefine show RUN`.",
    });
  }
  if (found.length === 1) return first;
  const ids = found.slice(0, SHOWN).map(({ id }) => id);
  throw new AgentRefineError(`several ids begin with "${prefix}": ${ids.join(", ")}`, {
    fix: "Give more of the id.",
  });
}

/** The record of a persona. Throws AgentRefineError. */
export async function recordOf(
  { paths }: RunFolder,
  { id, record }: IndexedPersona,
): Promise<SynthesisRecord> {
  for await (const found of recordsAt(paths, [record])) if (found.id === id) return found;
  throw new AgentRefineError("the run was changed while it was read", { fix: "Start again." });
}

/** The calls of a persona that were answered, in their order. */
export async function callsOf(
  { paths, description }: RunFolder,
  record: SynthesisRecord,
  { bought }: IndexedPersona,
): Promise<readonly AnsweredCall[]> {
  const calls = await callsAt(paths, bought.places);
  const replies = calls.flatMap((call) => ("text" in call ? [call] : []));
  return answeredCalls(record, replies, synthesisOf(description.settings));
}

/** The colours of a trajectory's lines. */
export const SHOWN_STYLES: Readonly<Record<ShownKind, Style>> = {
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
/** Characters of a faulty reply that are shown; a stream that was stopped ends with its fault. */
const EXCERPT = 600;

/** Wraps and paints for a host's stdout. */
export interface Page {
  readonly width: number;
  readonly paint: Paint;
  readonly lines: (text: string, indent?: number) => readonly string[];
  readonly heading: (text: string) => readonly string[];
}

export function pageFor({ stdout, env }: Host): Page {
  const width = Math.max(30, Math.min(stdout.columns, WIDEST));
  const paint = paintFor(stdout, env);
  const lines = (text: string, indent = 0): readonly string[] => wrapText(text, { width, indent });
  return { width, paint, lines, heading: (text) => lines(text).map((line) => paint("bold", line)) };
}

/** The part of a reply that is at fault: from the faulty turn on, else its end when it was stopped there. */
function excerpt({ reply: { text, finish }, turn }: AnsweredCall): string {
  const place = turn === undefined ? undefined : turnStart(text, turn);
  const isEnd = place === undefined && (finish === "aborted" || finish === "length");
  const from = isEnd ? Math.max(0, text.length - EXCERPT) : (place ?? 0);
  const shown = text.slice(from, from + EXCERPT);
  return `${from > 0 ? "…" : ""}${shown}${from + EXCERPT < text.length ? "…" : ""}`;
}

function callLines(call: AnsweredCall, { paint, lines }: Page): readonly string[] {
  const { purpose, fault, reply } = call;
  const cost = reply.cost === null ? "" : `, ${dollars(reply.cost)}`;
  const by = reply.model === undefined ? "" : ` by ${printable(reply.model)}`;
  const head = `Call ${call.call}, ${purpose}${by}: ${wholeNumber(reply.usage.completionTokens)} tokens${cost}`;
  if (fault === null) return lines(`${head}; no fault`);
  return [
    ...lines(head),
    ...lines(fault, 2).map((line) => paint("red", line)),
    ...lines(excerpt(call), 4).map((line) => paint("dim", line)),
  ];
}

/**
 * One persona's record for reading: the script with its actions, what was verified of the trajectory, why it was
 * rejected, and every call with its fault and the text that was faulty.
 */
export function recordLines(
  record: SynthesisRecord,
  calls: readonly AnsweredCall[],
  host: Host,
): readonly string[] {
  const page = pageFor(host);
  const last = record.faults.at(-1);
  const why = record.outcome === "rejected" && last !== undefined ? explain(last) : record.reason;
  const trajectory = storedTrajectory(record);
  const fault = record.outcome === "accepted" || why === undefined ? {} : { fault: why };
  const style = (kind: ShownKind, text: string): string => page.paint(SHOWN_STYLES[kind], text);
  const body =
    trajectory === undefined
      ? [record.persona, why ?? ""].flatMap((text) => page.lines(text))
      : showTrajectory({ persona: record.persona, trajectory, ...fault }, { width: page.width, style });
  const faulty = calls.some((call) => call.fault !== null);
  return [
    ...page.heading(
      `${record.id}: ${record.outcome} after ${counted(record.calls, "call")}${record.writers === undefined ? "" : `, written by ${printable(record.writers)}`}`,
    ),
    "",
    ...body,
    ...(faulty ? ["", ...page.heading("Calls")] : []),
    ...(faulty ? calls.flatMap((call) => callLines(call, page)) : []),
    ...(calls.length > 0
      ? [
          "",
          ...page.lines(
            `A prompt and its reply: --call ${calls.length === 1 ? "1" : `1 to ${calls.length}`}`,
          ),
        ]
      : []),
  ];
}

/** The prompt and the reply of one call, as they were sent and as they came. */
export function promptLines(call: AnsweredCall, host: Host): readonly string[] {
  const { heading, lines, paint } = pageFor(host);
  const { messages, reply, fault } = call;
  const asked =
    messages === undefined
      ? [
          ...heading("Prompt"),
          ...lines(
            "Not to be rebuilt: what this version would ask has not the hash of what was asked. Another version asked for this reply, or the run was changed.",
          ),
          "",
        ]
      : messages.flatMap(({ role, content }) => [
          ...heading(`Prompt, ${role}`),
          ...printable(content).split("\n"),
          "",
        ]);
  return [
    ...asked,
    ...(reply.reasoning === undefined
      ? []
      : [...heading("Reasoning"), ...printable(reply.reasoning).split("\n"), ""]),
    ...heading(`Reply (${reply.finish})`),
    ...printable(reply.text).split("\n"),
    ...(fault === null ? [] : ["", ...lines(fault).map((line) => paint("red", line))]),
  ];
}

function words(said: Annotation): string {
  switch (said.kind) {
    case "thumbs":
      return `thumbs ${said.thumbs}`;
    case "tag":
      return `tag ${said.tag}`;
    case "note":
      return `note: ${said.note}`;
    case "turn": {
      const { turn, verdict, fault, note } = said;
      const kind = fault === undefined ? "" : ` (${fault})`;
      return `turn ${turn} is ${verdict}${kind}${note === undefined ? "" : `: ${note}`}`;
    }
  }
}

/**
 * What is said of a trajectory or an episode, each with who said it and when; nothing when nothing is. What was said
 * blind is left out, as in the page: it would lead those astray who have still to judge (section 8).
 */
export async function annotationLines(directory: string, id: string, host: Host): Promise<readonly string[]> {
  const { of, skipped } = await readAnnotations(directory);
  for (const line of skipped) tell(host.stderr, skippedWords(directory, line));
  const said = (of.get(id) ?? []).filter((each) => each.kind !== "turn" || each.blind !== true);
  if (said.length === 0) return [];
  const { heading, lines } = pageFor(host);
  return [
    "",
    ...heading("Said of it"),
    ...said.flatMap((each) => lines(`${annotatorKey(each)}, ${each.at.slice(0, 10)}: ${words(each)}`, 2)),
  ];
}
