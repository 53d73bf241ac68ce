import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import type { AgentboardFiles } from "../src/environment/agentboard-files.ts";
import { AgentRefineError, errorMessage, shortWords } from "../src/errors.ts";
import { type FileReport, type Replayer, type ReplayRow, replayFile } from "./replay.ts";
import { createReplayers } from "./replayers.ts";

/** How a folder of recordings compares with our worlds. */
export interface FolderReport {
  /** Recordings that were replayed, and those that should have been but are missing or damaged. */
  readonly compared: number;
  /** All of those are there, whole and equal, and there is at least one. */
  readonly isEqual: boolean;
}

const ENDING = ".jsonl.gz";

const manifestSchema = z.array(z.object({ file: z.string(), lines: z.number() }));

/** How many rows each recording has by the folder's manifest; undefined when it has none. */
function readManifest(folder: string): ReadonlyMap<string, number> | undefined {
  const file = join(folder, "manifest.json");
  if (!existsSync(file)) return undefined;
  try {
    const entries = manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return new Map(entries.map((entry) => [entry.file, entry.lines]));
  } catch (error) {
    throw new AgentRefineError(`${file} is not a list of recordings`, { cause: error });
  }
}

function recordings(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.split(sep).join("/"));
}

/** Replays a recording; in words why it cannot be, such as that it is damaged. */
async function replay(
  path: string,
  replayRow: ReplayRow,
): Promise<FileReport | { readonly problem: string }> {
  try {
    return await replayFile(gunzipSync(readFileSync(path)).toString("utf8"), replayRow);
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    return { problem: shortWords(words) };
  }
}

/** Why a recording is not replayed. */
function reasonAgainst(file: string, replayer: Replayer | undefined, known: Iterable<string>): string {
  if (replayer?.code === "unavailable") return replayer.reason;
  const [room = "", ...rest] = file.split("/");
  if (rest.length === 0) return "it should lie in a folder such as babyai";
  const isKnown = [...known].some((each) => each.startsWith(`${room}/`));
  return isKnown ? "nothing is known of such a recording" : `there is no world of ${room} yet`;
}

function line(file: string, text: string): string {
  return `${file.padEnd(34)} ${text}`;
}

/** What a recording came to, in lines, and whether it was compared and is equal. */
interface Outcome {
  readonly lines: readonly string[];
  readonly isEqual: boolean | undefined;
}

function outcomeOf(file: string, report: FileReport, unit: string, expected = report.rows): Outcome {
  const { equal, total, equalRows, rows, differences } = report;
  const share = total === 0 ? 100 : (100 * equal) / total;
  return {
    isEqual: rows > 0 && rows === expected && equalRows === rows,
    lines: [
      line(file, `${equal}/${total} ${unit} equal (${share.toFixed(2)} %), ${equalRows}/${rows} rows`),
      ...differences.map((difference) => `    ${difference}`),
      ...(rows === expected ? [] : [`    ${expected} rows are expected (manifest.json)`]),
    ],
  };
}

/**
 * Replays the recordings of a folder, laid out as `babyai/walks-errors.jsonl.gz`, and prints a line for each, also
 * for those that cannot be compared; one that should be and cannot be read counts as different. A `manifest.json`
 * tells how many rows there should be.
 * @throws AgentRefineError for a manifest, or data of AgentBoard's, that is of no use.
 */
export async function replayFolder(
  folder: string,
  files: AgentboardFiles,
  print: (line: string) => void,
): Promise<FolderReport> {
  const replayers = await createReplayers(files, folder);
  const manifest = readManifest(folder);
  const found = new Set(recordings(folder));
  const outcome = async (file: string): Promise<Outcome> => {
    const replayer = replayers.get(file);
    if (replayer?.code !== "ready") {
      const reason = reasonAgainst(file, replayer, replayers.keys());
      return { lines: [line(file, `not compared: ${reason}`)], isEqual: undefined };
    }
    if (!found.has(file)) return { lines: [line(file, "missing (manifest.json lists it)")], isEqual: false };
    const report = await replay(join(folder, file), replayer.replayRow);
    if ("problem" in report)
      return { lines: [line(file, `cannot be read: ${report.problem}`)], isEqual: false };
    return outcomeOf(file, report, replayer.unit, manifest?.get(file));
  };
  const compared: boolean[] = [];
  for (const file of [...new Set([...found, ...(manifest?.keys() ?? [])])].sort()) {
    const { lines, isEqual } = await outcome(file);
    for (const each of lines) print(each);
    if (isEqual !== undefined) compared.push(isEqual);
  }
  return { compared: compared.length, isEqual: compared.length > 0 && compared.every(Boolean) };
}
