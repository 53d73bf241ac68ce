import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { VerifyFlags } from "../../config/flags.ts";
import { byteLines, decompressed, readingError } from "../../lines.ts";

import type { ErrorPolicy } from "../../trajectory/trajectory.ts";
import { type LineVerdict, verifyLine } from "../../verifier/verify-line.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { checkSource } from "../generate/personas-of-run.ts";
import type { CliContext, Host } from "../terminal/host.ts";
import { asUsage } from "../usage-error.ts";
import { verifyWords, words } from "../words.ts";
import { verdictLine } from "./verdict-line.ts";

/** The longest line that is read, in bytes. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** Verdicts are written together once they have so many characters. */
const CHUNK = 65_536;

function notVerifiable(problem: string): LineVerdict {
  return { accepted: false, fault: { code: "malformed-json", turn: null }, verified: 0, errors: 0, problem };
}

function verdictOf(bytes: Buffer | undefined, policy: ErrorPolicy): LineVerdict | undefined {
  if (bytes === undefined) return notVerifiable(verifyWords.tooLong(LONGEST_LINE / 1024 / 1024));
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return notVerifiable(verifyWords.notJson);
  }
  return verifyLine(value, policy);
}

/** Verifies each line and writes its verdict; counts them. */
async function verifyLines(
  source: Readable,
  host: Host,
  isJson: boolean,
  policy: ErrorPolicy,
): Promise<{ readonly accepted: number; readonly rejected: number }> {
  let [accepted, rejected] = [0, 0];
  let chunk = "";
  for await (const { number, bytes } of byteLines(decompressed(source), LONGEST_LINE)) {
    const verdict = verdictOf(bytes, policy);
    if (verdict === undefined) continue;
    if (verdict.accepted) accepted += 1;
    else rejected += 1;
    chunk += verdictLine(verdict, isJson ? undefined : number);
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
export async function runVerify(this: CliContext, flags: VerifyFlags, file: string): Promise<void> {
  const { host } = this;
  const name = file === "-" ? words.standardInput : file;
  await asUsage(() => checkSource(file === "-" ? file : resolve(host.directory, file)));
  const source = file === "-" ? host.stdin() : createReadStream(resolve(host.directory, file));
  const policy = flags.errors === false ? "none" : "refined";
  const { accepted, rejected } = await verifyLines(source, host, flags.json === true, policy).catch(
    (error: unknown) => {
      throw readingError(error, name);
    },
  );
  host.stderr.write(`${verifyWords.totals(name, accepted, rejected)}\n`);
  if (rejected > 0) this.process.exitCode = EXIT_CODE.belowThreshold;
}
