import { resolve } from "node:path";
import type { MergeFlags } from "../../config/flags.ts";
import { counted, wholeNumber } from "../../numbers.ts";
import { type MergeGaps, type MergeResult, mergeRuns } from "../../synthesis/merge/merge-runs.ts";
import { asUsage, EXIT_CODE, type ExitCode } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { tell } from "../terminal/text.ts";

/** Runs with something left that are named one by one. */
const NAMED = 10;

/** What is missing, a line each. */
function gapLines({ shards, unended }: MergeGaps, { directory }: Host): readonly string[] {
  const more = unended.length - NAMED;
  return [
    ...(shards === undefined
      ? []
      : [`Missing: ${/[,-]/.test(shards) ? "shards" : "shard"} ${shards.replace("/", " of ")}.`]),
    ...unended
      .slice(0, NAMED)
      .map(
        ({ directory: run, pending, personas }) =>
          `${showPath(run, directory)}: ${wholeNumber(pending)} of ${counted(personas, "persona")} have not ended.`,
      ),
    ...(more > 0 ? [`and ${counted(more, "more run")} with personas that have not ended`] : []),
  ];
}

function report(result: MergeResult, host: Host): void {
  const { kind, personas, ended, gaps } = result;
  const out = showPath(result.out, host.directory);
  for (const line of gapLines(gaps, host)) tell(host.stderr, line);
  if (kind === "incomplete") {
    tell(
      host.stderr,
      "Nothing was merged. Finish those runs (agentrefine resume RUN), or merge what there is with --allow-missing.",
    );
    return;
  }
  if (kind === "unchanged") {
    tell(host.stderr, `${out} is this merge already (${counted(personas, "persona")}); nothing was written.`);
    return;
  }
  tell(host.stderr, `Merged ${counted(personas, "persona")} into ${out}; ${wholeNumber(ended)} have ended.`);
  tell(host.stderr, `Next: agentrefine export ${out} --engine NAME --out train`);
}

/** `agentrefine merge`: the shards of a run as one run. */
export async function runMerge(
  host: Host,
  { allowMissing, json }: MergeFlags,
  out: string,
  ...runs: readonly string[]
): Promise<ExitCode> {
  using interruption = watchInterrupts(host);
  const result = await asUsage(() =>
    mergeRuns({
      out: resolve(host.directory, out),
      runs: runs.map((run) => resolve(host.directory, run)),
      allowMissing: allowMissing === true,
      onNote: (note) => tell(host.stderr, note),
      stop: interruption.signal,
    }),
  );
  report(result, host);
  if (json === true) host.stdout.write(`${JSON.stringify(result)}\n`);
  return result.kind === "incomplete" ? EXIT_CODE.belowThreshold : EXIT_CODE.done;
}
