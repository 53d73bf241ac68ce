import type { MixFlags } from "../../config/flags.ts";
import { counted } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { type MixCounts, performMix, planMix } from "../../publish/mix-data.ts";
import { targetOptions } from "../export/run.ts";
import { withProgress, writtenFields, writtenLines } from "../export/written-lines.ts";
import { asUsage } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { tell } from "../terminal/text.ts";

/** How many of the rows that cannot be used are told one by one. */
const SHOWN = 20;

function total(excluded: MixCounts["excluded"]): number {
  return [...excluded.values()].reduce((sum, count) => sum + count, 0);
}

/** What was not told row by row. */
function unusedLines({ bad, excluded, unplaced }: MixCounts): readonly string[] {
  const left = total(excluded);
  const unmatched = [...excluded].flatMap(([name, count]) =>
    count > 0 ? [] : [`No row's id names the environment ${name}, so that nothing is excluded by it.`],
  );
  return [
    ...(bad > SHOWN ? [`and ${counted(bad - SHOWN, "more bad row")}, left out as well`] : []),
    ...(left > 0 ? [`Excluded ${counted(left, "row")} by environment.`] : []),
    ...unmatched,
    ...(excluded.size > 0 && unplaced > 0
      ? [`${counted(unplaced, "row")} kept whose id names no known environment: they may be of any.`]
      : []),
  ];
}

/** `agentrefine mix`: agent data and general data as one set to train on (paper section 9). */
export async function runMix(host: Host, flags: MixFlags, out: string): Promise<void> {
  const { directory } = host;
  const { agent = [], data, ratio, seed, excludeEnvironment, quiet } = flags;
  using interruption = watchInterrupts(host);
  let bad = 0;
  const plan = await asUsage(async () =>
    planMix({
      ...(await targetOptions(out, flags, directory)),
      agent,
      data,
      ratio,
      seed,
      excludeEnvironment,
      stop: interruption.signal,
      onBadRow: (file, row, problem) => {
        bad += 1;
        if (bad <= SHOWN) tell(host.stderr, printableLine(`${file}: row ${row} ${problem}; left out`));
      },
      onCounted: (counts) => {
        for (const line of unusedLines(counts)) tell(host.stderr, printableLine(line));
      },
    }),
  );
  const {
    target,
    engine,
    size,
    counts,
    replaces: replaced,
    written,
  } = await withProgress(host, quiet === true, (onProgress) =>
    performMix({ ...plan, options: { ...plan.options, onProgress } }),
  );
  const parts = `${counted(size.agent, "agent row")} and ${counted(size.general, "general row")}`;
  const path = `${showPath(target.out, directory)}${replaced ? ", replacing it" : ""}`;
  const lines = [
    `Mixed ${parts} into ${path}.`,
    `Wrote ${counted(written.rows, "row")} (${target.format}).`,
    ...writtenLines(written, { target, engine }, directory),
  ];
  for (const line of lines) tell(host.stderr, line);
  if (flags.json !== true) return;
  const report = {
    format: target.format,
    out: target.out,
    agent: size.agent,
    general: size.general,
    bad: counts.bad,
    excluded: total(counts.excluded),
    ...(counts.excluded.size === 0 ? {} : { unplaced: counts.unplaced }),
    replaced,
    ...writtenFields(written, engine),
  };
  host.stdout.write(`${JSON.stringify(report)}\n`);
}
