import type { MixFlags } from "../../config/flags.ts";
import type { GuideNotes } from "../../dataset/formats/export-guide.ts";
import { generalRows, type MixtureSize, mixture } from "../../dataset/mixture.ts";
import { sampleRows } from "../../dataset/sample-rows.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { AgentRefineError } from "../../errors.ts";
import { withProgress } from "../export/export-progress.ts";
import { writeExamples } from "../export/write-examples.ts";
import { rowsOf, writtenFields, writtenWords } from "../export/written-words.ts";
import { mixWords } from "../export-words.ts";
import type { CliContext } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { showPath } from "../terminal/show-path.ts";
import { asUsage } from "../usage-error.ts";
import { type DataSource, type ReadOptions, sourceExamples } from "./data-part.ts";
import { type MixPlan, planMix } from "./mix-plan.ts";
import { UnusedReport } from "./unused-report.ts";

async function countRows(sources: readonly DataSource[], options: ReadOptions): Promise<number> {
  let count = 0;
  for await (const _example of sourceExamples(sources, options)) count += 1;
  return count;
}

/** How many rows of each part the mixture has. Throws AgentRefineError when the ratio asks for more than there are. */
async function sizeOf({ agent, general, ratio }: MixPlan, options: ReadOptions): Promise<MixtureSize> {
  const agentCount = await countRows(agent, options);
  const there = await countRows(general, options);
  const needed = ratio === undefined ? there : generalRows(agentCount, ratio);
  if (needed <= there) return { agent: agentCount, general: needed };
  const most = Math.floor((100 * there) / agentCount) / 100;
  throw new AgentRefineError(mixWords.tooFew(needed, there), { fix: mixWords.tooFewFix(most) });
}

function mixedExamples(
  { agent, general, seed }: MixPlan,
  size: MixtureSize,
  options: ReadOptions,
): AsyncGenerator<TrainingExample> {
  const generals = (): AsyncGenerator<TrainingExample> => sourceExamples(general, options);
  const chosen = size.general === 0 ? [] : sampleRows(generals, size.general, seed);
  return mixture(sourceExamples(agent, options), chosen, size, seed);
}

function notesOf({ agent, general, seed }: MixPlan, size: MixtureSize, unused: UnusedReport): GuideNotes {
  const names = (sources: readonly DataSource[]): string =>
    sources.map(({ path }) => path.split(/[\\/]/).at(-1) ?? path).join(", ");
  const generalFacts: GuideNotes["facts"] = [
    ["general rows", `${size.general}, from ${names(general)}`],
    ["seed of the mixture", `${seed}`],
  ];
  return {
    facts: [
      ["agent rows", `${size.agent}, from ${names(agent)}`],
      ...(size.general === 0 ? [] : generalFacts),
      ...unused.facts,
    ],
  };
}

/** `agentrefine mix`: agent data and general data as one set to train on (paper section 9). */
export async function runMix(this: CliContext, flags: MixFlags, out: string): Promise<void> {
  const { host } = this;
  const { excludeEnvironment = [], quiet, json } = flags;
  const plan = await asUsage(() => planMix(out, flags, host));
  const { target, engine, replaces } = plan;
  const interruption = watchInterrupts(host);
  try {
    const options: ReadOptions = { excludeEnvironment, stop: interruption.signal };
    const unused = new UnusedReport(host, excludeEnvironment);
    const size = await sizeOf(plan, { ...options, unused });
    unused.end();
    const written = await withProgress(host, quiet === true, (tell) =>
      writeExamples(target, {
        examples: mixedExamples(plan, size, options),
        notes: async () => notesOf(plan, size, unused),
        replace: replaces,
        tell,
      }),
    );
    const lines = [
      mixWords.done(size.agent, size.general, showPath(target.out, host.directory), replaces),
      mixWords.written(rowsOf(written), target.format),
      ...writtenWords(written, engine, host.directory),
    ];
    host.stderr.write(`${lines.join("\n")}\n`);
    if (json !== true) return;
    const { format, out: path } = target;
    const report = { format, out: path, agent: size.agent, general: size.general, ...unused.counts };
    host.stdout.write(
      `${JSON.stringify({ ...report, replaced: replaces, ...writtenFields(written, engine) })}\n`,
    );
  } finally {
    interruption.release();
  }
}
