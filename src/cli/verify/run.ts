import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { VerifyFlags } from "../../config/flags.ts";
import { AgentRefineError } from "../../errors.ts";
import { checkSource } from "../../generation/personas-of-run.ts";
import { readingError } from "../../lines.ts";
import { counted, share, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { isRun } from "../../runs/change-run.ts";
import { openGeneratedRun } from "../../runs/run-folder.ts";
import { type StoredVerdict, verifyLines, verifyRun } from "../../synthesis/verify-stored.ts";
import { asUsage, EXIT_CODE, type ExitCode } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";

/** Verdicts are written together once they have so many characters. */
const CHUNK = 65_536;

/** A verdict as one line: in words, or as JSON with exactly `accepted`, `fault`, `verified` and `errors`. */
function verdictLine({ place, id, ...verdict }: StoredVerdict, isJson: boolean): string {
  const { accepted, fault, verified, errors, problem = "" } = verdict;
  if (isJson) return `${JSON.stringify({ accepted, fault, verified, errors })}\n`;
  const name = id === "" ? place : place === "" ? id : `${place} (${id})`;
  const where =
    fault === null || fault.turn === null ? "" : ` at turn ${fault.turn} (${counted(verified, "turn")} kept)`;
  const words =
    fault === null
      ? `accepted (${counted(verified, "turn")}, ${counted(errors, "error turn")})`
      : `rejected, ${fault.code}${where}: ${problem}`;
  return `${printableLine(`${name}: ${words}`)}\n`;
}

/** Writes each verdict; counts them. */
async function writeAll(
  verdicts: AsyncIterable<StoredVerdict>,
  isJson: boolean,
  { stdout }: Host,
): Promise<{ readonly accepted: number; readonly rejected: number }> {
  let [accepted, rejected] = [0, 0];
  let chunk = "";
  for await (const verdict of verdicts) {
    if (verdict.accepted) accepted += 1;
    else rejected += 1;
    chunk += verdictLine(verdict, isJson);
    if (chunk.length < CHUNK) continue;
    stdout.write(chunk);
    chunk = "";
    await stdout.drained();
  }
  if (chunk !== "") stdout.write(chunk);
  await stdout.drained();
  return { accepted, rejected };
}

/** `agentrefine verify`: Algorithm 1 over stored trajectories, one verdict a line. */
export async function runVerify(host: Host, flags: VerifyFlags, file: string): Promise<ExitCode> {
  const isInput = file === "-";
  const path = resolve(host.directory, file);
  const name = isInput ? "the standard input" : file;
  const ofRun = !isInput && (await isRun(path));
  const policy = flags.errors === false ? "none" : "refined";
  const { accepted, rejected } = await asUsage(async () => {
    if (ofRun) {
      const { paths } = await openGeneratedRun(path);
      return writeAll(verifyRun(paths, policy), flags.json === true, host);
    }
    await checkSource(isInput ? file : path);
    const source = isInput ? host.stdin() : createReadStream(path);
    return writeAll(verifyLines(source, name, policy), flags.json === true, host);
  }).catch((error: unknown) => {
    throw ofRun || error instanceof AgentRefineError ? error : readingError(error, name);
  });
  const total = accepted + rejected;
  const shares = `${wholeNumber(accepted)} accepted (${share(accepted, total)}), ${wholeNumber(rejected)} rejected`;
  tell(
    host.stderr,
    `${name}: ${counted(total, ofRun ? "trajectory" : "line", ofRun ? "trajectories" : "lines")}, ${shares}`,
  );
  return rejected > 0 ? EXIT_CODE.belowThreshold : EXIT_CODE.done;
}
