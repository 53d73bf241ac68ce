import type { StatsFlags } from "../../config/flags.ts";
import { printableLine } from "../../printable.ts";
import { dataStatistics } from "../../report/data-statistics.ts";
import { type DistributionSummary, summaryOf } from "../../report/distribution.ts";
import type { RunStatistics } from "../../report/run-statistics.ts";
import { asUsage, EXIT_CODE, type ExitCode, UsageError } from "../failure.ts";
import type { Host } from "../terminal/host.ts";
import { paintFor } from "../terminal/text.ts";
import { statisticsLines } from "./statistics-lines.ts";

/** Statistics with their distributions in a few numbers too. */
function withSummaries(statistics: RunStatistics): object {
  const { turns, tokens, actions, objects } = statistics;
  const known = { turns, tokens: tokens?.all, trainedTokens: tokens?.trained, actions, objects };
  const summaries = Object.entries(known).flatMap(([name, distribution]): [string, DistributionSummary][] => {
    const summary = distribution && summaryOf(distribution);
    return summary === undefined ? [] : [[name, summary]];
  });
  return { ...statistics, summaries: Object.fromEntries(summaries) };
}

/** `agentrefine stats`: what runs and files of data are, on standard output. */
export async function runStats(
  host: Host,
  { tokenizer, template, json }: StatsFlags,
  ...given: readonly string[]
): Promise<ExitCode> {
  const { stdout, env, directory } = host;
  if (template !== undefined && tokenizer === undefined)
    throw new UsageError("--template is for --tokenizer only", { fix: "Give --tokenizer too." });
  const tokens = tokenizer === undefined ? undefined : { tokenizer, template };
  const all = await asUsage(() => dataStatistics(given, { directory, tokens }));
  if (json === true) stdout.write(`${JSON.stringify({ data: all.map(withSummaries) })}\n`);
  else {
    const named = all.map((each) => ({ ...each, name: printableLine(each.name) }));
    const width = stdout.isTTY ? stdout.columns : 80;
    stdout.write(`${statisticsLines(named, { width, paint: paintFor(stdout, env) }).join("\n")}\n`);
  }
  await stdout.drained();
  const isDamaged = all.some(({ kind, unusable }) => kind === "run" && unusable > 0);
  return isDamaged ? EXIT_CODE.belowThreshold : EXIT_CODE.done;
}
