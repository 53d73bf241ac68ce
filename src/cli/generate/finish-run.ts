import { isBound, type RunSettings } from "../../config/run-settings.ts";
import { ENGINES } from "../../dataset/engines.ts";
import { isTokenized } from "../../dataset/formats.ts";
import type { Env } from "../../env.ts";
import type { GeneratedRun } from "../../generation/prepare-run.ts";
import { priceSchema } from "../../model/money.ts";
import { wholeNumber } from "../../numbers.ts";
import { endedPersonas, type Tally } from "../../synthesis/tally.ts";
import { EXIT_CODE, type ExitCode } from "../failure.ts";
import {
  endedJson,
  givenAgain,
  type Session,
  unendedCode,
  unendedLines,
  waitingLines,
  waitingOf,
  writersAgain,
} from "../run/session.ts";
import { type Host, showPath } from "../terminal/host.ts";
import type { PanelCount, PanelState } from "../terminal/panel.ts";
import { paintFor, tell } from "../terminal/text.ts";
import { summaryJson, summaryLines } from "./summary.ts";

/** A part of a run that has come to its end, or was ended. */
interface FinishedPart {
  readonly settings: RunSettings;
  readonly session: Pick<Session, "json" | "options">;
  readonly result: GeneratedRun;
  readonly seconds: number;
  /** Tokens that the model wrote in this part. */
  readonly written: number;
  readonly interrupted: boolean;
}

/** Whether fewer were accepted than was asked for. */
function isBelow({ result: { tally }, session }: FinishedPart): boolean {
  const ended = endedPersonas(tally);
  return ended > 0 && tally.outcomes.accepted / ended < (session.options.minAcceptance ?? 0);
}

/** Why personas failed: most often all for one reason, and each is in `syntheses.jsonl`. */
function failureLine({ outcomes, lastFailure = "for a reason unknown" }: Tally): string {
  return `${outcomes.failed === 1 ? "The one that failed" : "The last that failed"}: ${lastFailure}`;
}

/** The engines that train on tokens, which takes a tokenizer and another name for the output, or the others. */
function engineNames(trainOnTokens: boolean): readonly string[] {
  const names = Object.entries(ENGINES).filter(([, { use }]) => isTokenized(use) === trainOnTokens);
  return names.map(([name]) => name);
}

/** What leads on from a run that has ended, however many of its personas were accepted. */
function endedLines({ result }: FinishedPart, directory: string, command: string): readonly string[] {
  const { accepted, rejected, failed } = result.tally.outcomes;
  const outcome = rejected > 0 ? "rejected" : "failed";
  return [
    ...(result.pause === undefined && failed > 0
      ? [
          failureLine(result.tally),
          `Try the ${failed === 1 ? "one that" : `${wholeNumber(failed)} that`} failed again: ${command} --retry-failed`,
        ]
      : []),
    ...(accepted === 0 && rejected + failed > 0
      ? [
          "No trajectory was accepted, so there is nothing to export.",
          `Read why: agentrefine show ${directory} --outcome ${outcome}`,
        ]
      : []),
  ];
}

/** What can be done with a run that has accepted trajectories. */
function acceptedLines(directory: string): readonly string[] {
  return [
    `NAME is what you train with: ${engineNames(false).join(", ")}.`,
    `${engineNames(true).join(", ")} train on tokens: agentrefine export --help says how.`,
    `Look at it: agentrefine view ${directory}`,
    `Next: agentrefine export ${directory} --engine NAME --out train`,
  ];
}

/** What has been asked of servers beside the prompts, as far as it changes what the figures say. */
function boundLines(settings: RunSettings): readonly string[] {
  return isBound(settings)
    ? [
        "Replies were bound to their form (--structured), so what was accepted says less of how well they are written.",
      ]
    : [];
}

/** What can be done next; the last line is the command that leads on. */
function nextLines(part: FinishedPart, directory: string, env: Env): readonly string[] {
  const { settings, session, result, interrupted } = part;
  const { pause, tally } = result;
  const again = givenAgain(settings.model, session, pause?.error, env) + writersAgain(settings, session, env);
  const command = `agentrefine resume ${directory}${again}`;
  const waiting = waitingOf(part);
  if (waiting !== undefined) return waitingLines(waiting, command);
  const hasEnded = unendedCode(part) === undefined;
  return [
    ...unendedLines(part),
    ...(hasEnded && isBelow(part) ? ["Fewer were accepted than --min-acceptance asks for."] : []),
    ...(pause !== undefined || interrupted ? [`Resume with: ${command}`] : []),
    ...(interrupted ? [] : endedLines(part, directory, command)),
    ...(tally.outcomes.accepted > 0 ? acceptedLines(directory) : []),
  ];
}

/** Tells what a run has come to and what can be done next. Gives the exit code. */
export function finishRun(part: FinishedPart, host: Host): ExitCode {
  const { result, seconds, written } = part;
  const { run, tally, personas } = result;
  const directory = showPath(run.directory, host.directory);
  const pricesOf = priceSchema.safeParse(run.description.prices).data?.asOf;
  const summary = { run: directory, personas, tally, seconds, written, pricesOf };
  for (const line of summaryLines(summary, paintFor(host.stderr, host.env))) host.stderr.write(`${line}\n`);
  for (const line of boundLines(part.settings)) tell(host.stderr, line);
  tell(host.stderr, `Run: ${directory}`);
  for (const line of nextLines(part, directory, host.env)) tell(host.stderr, line);
  if (part.session.json) {
    const report = { ...summaryJson({ ...summary, run: run.directory }), ...endedJson(part, seconds) };
    host.stdout.write(`${JSON.stringify(report)}\n`);
  }
  return unendedCode(part) ?? (isBelow(part) ? EXIT_CODE.belowThreshold : EXIT_CODE.done);
}

/** What the progress of a run tells of its tally. */
export function progressOfRun(
  tally: Tally,
): Pick<PanelState, "ended" | "counts" | "tokens" | "completionTokens" | "cachedShare" | "cost"> {
  const { accepted, rejected, failed } = tally.outcomes;
  const counts: readonly PanelCount[] = [
    { label: "accepted", count: accepted, style: "green", withShare: true },
    { label: "rejected", count: rejected, style: "yellow" },
    { label: "failed", count: failed, style: "red" },
  ];
  const { promptTokens, cachedTokens, completionTokens, cost } = tally;
  return {
    ended: endedPersonas(tally),
    counts,
    tokens: promptTokens + completionTokens,
    completionTokens,
    cachedShare: promptTokens === 0 ? 0 : cachedTokens / promptTokens,
    cost,
  };
}
