import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { VerifyFlags } from "../../config/flags.ts";
import { checkSource } from "../../generation/personas-of-run.ts";
import { byteLines, decompressed, readingError } from "../../lines.ts";
import { isFields } from "../../model/call.ts";
import { counted, share, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { isRun } from "../../runs/change-run.ts";
import { openGeneratedRun } from "../../runs/run-folder.ts";
import { currentSyntheses } from "../../synthesis/read-run.ts";
import type { ErrorPolicy } from "../../trajectory/trajectory.ts";
import { type LineVerdict, verifyLine } from "../../verifier/verify-line.ts";
import { asUsage, EXIT_CODE, type ExitCode, UsageError } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";

/** The longest line that is read, in bytes. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** Verdicts are written together once they have so many characters. */
const CHUNK = 65_536;

/** What is to be verified: a value with its place and its id, or what is wrong with its line. */
interface Item {
  /** `line 12`, or nothing for a run's trajectories, which have their ids. */
  readonly place: string;
  readonly value: unknown;
  readonly problem?: string;
}

/** Refuses a file of another form at its first line, which would else be told of each line. */
function refuseOtherForm(value: unknown, name: string): void {
  if (!isFields(value) || Object.hasOwn(value, "script") || Object.hasOwn(value, "trajectory")) return;
  const keys = Object.keys(value).slice(0, 5);
  const chat = ["conversations", "messages", "prompt"].find((key) => Object.hasOwn(value, key));
  const what = chat === undefined ? `rows with ${keys.join(", ")}` : `chat rows ("${chat}")`;
  throw new UsageError(printableLine(`${name} holds ${what}, not trajectories with their scripts`), {
    fix: "Give a run, or what `agentrefine export RUN --format trajectories` writes.",
  });
}

async function* itemsOf(source: Readable, name: string): AsyncGenerator<Item> {
  let isFirst = true;
  for await (const { number, bytes } of byteLines(decompressed(source), LONGEST_LINE)) {
    const place = `line ${number}`;
    if (bytes === undefined) {
      const problem = `The line is longer than ${LONGEST_LINE / 1024 / 1024} MiB.`;
      yield { place, value: undefined, problem };
      continue;
    }
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
    if (text.trim() === "") continue;
    let item: Item;
    try {
      item = { place, value: JSON.parse(text) };
      if (isFirst) refuseOtherForm(item.value, name);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      item = { place, value: undefined, problem: "The line is not valid JSON." };
    }
    isFirst = false;
    yield item;
  }
}

/** The accepted trajectories of a run. */
async function* itemsOfRun(directory: string): AsyncGenerator<Item> {
  const { paths } = await openGeneratedRun(directory);
  for await (const record of currentSyntheses(paths)) {
    if (record.outcome === "accepted") yield { place: "", value: record };
  }
}

function verdictOf({ value, problem }: Item, policy: ErrorPolicy): LineVerdict {
  if (problem === undefined) return verifyLine(value, policy);
  return { accepted: false, fault: { code: "malformed-json", turn: null }, verified: 0, errors: 0, problem };
}

/** A verdict as one line: in words, or as JSON with exactly `accepted`, `fault`, `verified` and `errors`. */
function verdictLine({ place, value }: Item, verdict: LineVerdict, isJson: boolean): string {
  const { accepted, fault, verified, errors, problem = "" } = verdict;
  if (isJson) return `${JSON.stringify({ accepted, fault, verified, errors })}\n`;
  const id = isFields(value) && typeof value.id === "string" ? value.id : "";
  const name = id === "" ? place : place === "" ? id : `${place} (${id})`;
  const where =
    fault === null || fault.turn === null ? "" : ` at turn ${fault.turn} (${counted(verified, "turn")} kept)`;
  const words =
    fault === null
      ? `accepted (${counted(verified, "turn")}, ${counted(errors, "error turn")})`
      : `rejected, ${fault.code}${where}: ${problem}`;
  return `${printableLine(`${name}: ${words}`)}\n`;
}

/** Verifies each item and writes its verdict; counts them. */
async function verifyAll(
  items: AsyncIterable<Item>,
  host: Host,
  isJson: boolean,
  policy: ErrorPolicy,
): Promise<{ readonly accepted: number; readonly rejected: number }> {
  let [accepted, rejected] = [0, 0];
  let chunk = "";
  for await (const item of items) {
    const verdict = verdictOf(item, policy);
    if (verdict.accepted) accepted += 1;
    else rejected += 1;
    chunk += verdictLine(item, verdict, isJson);
    if (chunk.length < CHUNK) continue;
    host.stdout.write(chunk);
    chunk = "";
    await host.stdout.drained();
  }
  if (chunk !== "") host.stdout.write(chunk);
  await host.stdout.drained();
  return { accepted, rejected };
}

/** `agentrefine verify`: Algorithm 1 over stored trajectories, one verdict a line. */
export async function runVerify(host: Host, flags: VerifyFlags, file: string): Promise<ExitCode> {
  const isInput = file === "-";
  const path = resolve(host.directory, file);
  const name = isInput ? "the standard input" : file;
  const ofRun = !isInput && (await isRun(path));
  if (!ofRun) await asUsage(() => checkSource(isInput ? file : path));
  const items = ofRun ? itemsOfRun(path) : itemsOf(isInput ? host.stdin() : createReadStream(path), name);
  const policy = flags.errors === false ? "none" : "refined";
  const counts = verifyAll(items, host, flags.json === true, policy).catch((error: unknown) => {
    throw ofRun || error instanceof UsageError ? error : readingError(error, name);
  });
  const { accepted, rejected } = await (ofRun ? asUsage(() => counts) : counts);
  const total = accepted + rejected;
  const shares = `${wholeNumber(accepted)} accepted (${share(accepted, total)}), ${wholeNumber(rejected)} rejected`;
  tell(
    host.stderr,
    `${name}: ${counted(total, ofRun ? "trajectory" : "line", ofRun ? "trajectories" : "lines")}, ${shares}`,
  );
  return rejected > 0 ? EXIT_CODE.belowThreshold : EXIT_CODE.done;
}
