import type { Readable } from "node:stream";
import { AgentRefineError } from "../errors.ts";
import { byteLines, decompressed } from "../lines.ts";
import { isFields } from "../model/call.ts";
import type { RunPaths } from "../runs/run-folder.ts";
import type { ErrorPolicy } from "../trajectory/trajectory.ts";
import { type LineVerdict, verifyLine } from "../verifier/verify-line.ts";
import { currentSyntheses } from "./read-run.ts";

/** The longest line that is read, in bytes. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** What Algorithm 1 says of one of many stored trajectories. */
export interface StoredVerdict extends LineVerdict {
  /** `line 12`, or nothing for a run's trajectories, which have their ids. */
  readonly place: string;
  /** Empty where the line has none. */
  readonly id: string;
}

/** Refuses a file of another form at its first line, which would else be told of each line. */
function refuseOtherForm(value: unknown, name: string): void {
  if (!isFields(value) || Object.hasOwn(value, "script") || Object.hasOwn(value, "trajectory")) return;
  const keys = Object.keys(value).slice(0, 5);
  const chat = ["conversations", "messages", "prompt"].find((key) => Object.hasOwn(value, key));
  const what = chat === undefined ? `rows with ${keys.join(", ")}` : `chat rows ("${chat}")`;
  throw new AgentRefineError(`${name} holds ${what}, not trajectories with their scripts`, {
    fix: "Give a run, or what `agentrefine export RUN --format trajectories` writes.",
  });
}

function verdictOf(place: string, value: unknown, policy: ErrorPolicy): StoredVerdict {
  const id = isFields(value) && typeof value.id === "string" ? value.id : "";
  return { place, id, ...verifyLine(value, policy) };
}

/** A verdict of each line of a file, compressed or not. Rejects with an AgentRefineError for a file of another form. */
export async function* verifyLines(
  source: Readable,
  name: string,
  policy: ErrorPolicy,
): AsyncGenerator<StoredVerdict> {
  let isFirst = true;
  for await (const { number, bytes } of byteLines(decompressed(source), LONGEST_LINE)) {
    const place = `line ${number}`;
    const fault = { code: "malformed-json", turn: null } as const;
    const unread = { place, id: "", accepted: false, fault, verified: 0, errors: 0 };
    if (bytes === undefined) {
      yield { ...unread, problem: `The line is longer than ${LONGEST_LINE / 1024 / 1024} MiB.` };
      continue;
    }
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      yield { ...unread, problem: "The line is not valid JSON." };
      isFirst = false;
      continue;
    }
    if (isFirst) refuseOtherForm(value, name);
    isFirst = false;
    yield verdictOf(place, value, policy);
  }
}

/** A verdict of each accepted trajectory of a run. */
export async function* verifyRun(paths: RunPaths, policy: ErrorPolicy): AsyncGenerator<StoredVerdict> {
  for await (const record of currentSyntheses(paths))
    if (record.outcome === "accepted") yield verdictOf("", record, policy);
}
