import { resolve } from "node:path";
import { skippedWords } from "../../annotation/annotation-file.ts";
import { annotatorName } from "../../annotation/annotator.ts";
import { type AcceptedRun, acceptedIn, drawTurns } from "../../annotation/draw.ts";
import { readJudgements } from "../../annotation/judgements.ts";
import type { AnnotateFlags } from "../../config/flags.ts";
import { counted } from "../../numbers.ts";
import { printable, shellWord } from "../../printable.ts";
import { type Reliability, reliabilityOf, reliabilityParts } from "../../report/reliability.ts";
import { reportMarkdown } from "../../report/render.ts";
import { openGeneratedRun } from "../../runs/run-folder.ts";
import { asUsage, EXIT_CODE, type ExitCode, UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { reportText } from "../terminal/report-text.ts";
import { tell } from "../terminal/text.ts";
import { askAtTerminal } from "./ask.ts";
import { letModelJudge } from "./let-model-judge.ts";

const SAMPLE = 50;

/** How reliable the labels are, as it is printed with --json. */
function reliabilityJson(
  run: AcceptedRun,
  { alpha = null, ...reliability }: Omit<Reliability, "alpha"> & { alpha?: number | null | undefined },
): string {
  return `${JSON.stringify({ run: run.folder.directory, ...reliability, alpha })}\n`;
}

/** Prints how the annotators agree with the dungeon master and among themselves. */
async function printReliability(run: AcceptedRun, { json }: AnnotateFlags, host: Host): Promise<void> {
  const judgements = await readJudgements(run);
  for (const line of judgements.skipped) tell(host.stderr, skippedWords(run.folder.directory, line));
  const reliability = reliabilityOf(judgements);
  if (json === true) host.stdout.write(reliabilityJson(run, reliability));
  else if (reliability.turns === 0) tell(host.stderr, "Nobody has judged a turn of this run yet.");
  else {
    const parts = reliabilityParts(reliability);
    host.stdout.write(host.stdout.isTTY ? reportText(parts, host) : printable(reportMarkdown(parts)));
  }
}

/** Refuses what is for the other way of judging only. */
function checkFlags({ judge, as, table }: AnnotateFlags): void {
  if (judge !== undefined && (as !== undefined || table === true)) {
    throw new UsageError(
      `--judge lets a model judge, and --${table === true ? "table asks nobody" : "as names a person"}`,
      {
        fix: "Give one of them.",
      },
    );
  }
}

/** `agentrefine annotate`: section 8 of the paper, by a person at the terminal or by a model. */
export async function runAnnotate(
  host: Host,
  flags: AnnotateFlags,
  directory: string,
): Promise<ExitCode | undefined> {
  const { sample = SAMPLE, seed = 1 } = flags;
  checkFlags(flags);
  const run = await asUsage(async () =>
    acceptedIn(await openGeneratedRun(resolve(host.directory, directory))),
  );
  if (flags.table === true) {
    await printReliability(run, flags, host);
    return;
  }
  if (flags.judge !== undefined) {
    const code = await letModelJudge(run, { sample, seed }, flags, host);
    await printReliability(run, flags, host);
    return code;
  }
  if (!host.isInteractive) {
    throw new UsageError("there is no terminal at which somebody could be asked", {
      fix: "Run it at one, let a model judge with --judge, or print what there is with --table.",
    });
  }
  const by = await asUsage(() => annotatorName(flags.as, host.directory));
  const { turns, trajectories } = await asUsage(() => drawTurns(run, { sample, seed }));
  const { judged, judgedNow, wasInterrupted } = await askAtTerminal(run, turns, { by }, host);
  const shown = showPath(run.folder.directory, host.directory);
  if (trajectories < sample)
    tell(
      host.stderr,
      `There are only ${counted(trajectories, "trajectory", "trajectories")} to draw from yet.`,
    );
  if (judged < turns.length) {
    const same = [
      `--sample ${sample}`,
      `--seed ${seed}`,
      ...(flags.as === undefined ? [] : [`--as ${shellWord(by)}`]),
    ];
    tell(host.stderr, `${by} has judged ${judged} of ${turns.length} turns, ${judgedNow} of them now.`);
    tell(host.stderr, `Resume with: agentrefine annotate ${shown} ${same.join(" ")}`);
  } else {
    tell(host.stderr, `${by} has judged all ${turns.length} turns.`);
    await printReliability(run, flags, host);
  }
  return wasInterrupted ? EXIT_CODE.interrupted : EXIT_CODE.done;
}
