import type { RunSettings } from "../../config/run-settings.ts";
import { ENGINES } from "../../dataset/engines.ts";
import { CostCapReached } from "../../model/ledger.ts";
import { priceSchema } from "../../model/prices.ts";
import type { Pause } from "../../model/run-halt.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import type { Tally } from "../../synthesis/tally.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { givenAgain, pauseWords } from "../run/resuming.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { paintFor } from "../terminal/paint.ts";
import { noteText } from "../terminal/progress.ts";
import { showPath } from "../terminal/show-path.ts";
import { generateWords, goingOnWords } from "../words.ts";
import { summaryJson, summaryLines } from "./summary.ts";

/** A part of a run that has come to its end, or was ended. */
export interface FinishedPart {
  readonly run: RunFolder;
  readonly settings: RunSettings;
  readonly session: Pick<Session, "json" | "options">;
  readonly result: {
    readonly personas: number;
    readonly tally: Tally;
    readonly pending: number;
    readonly pause: Pause | undefined;
  };
  readonly seconds: number;
  /** Tokens that the model wrote in this part. */
  readonly written: number;
  readonly interrupted: boolean;
}

function exitCode({ result, interrupted, session }: FinishedPart): ExitCode {
  const { pause, tally } = result;
  if (pause !== undefined)
    return pause.error instanceof CostCapReached ? EXIT_CODE.belowThreshold : EXIT_CODE.failed;
  if (interrupted) return EXIT_CODE.interrupted;
  const { accepted, rejected, failed } = tally.outcomes;
  const ended = accepted + rejected + failed;
  const least = session.options.minAcceptance;
  return least !== undefined && ended > 0 && accepted / ended < least
    ? EXIT_CODE.belowThreshold
    : EXIT_CODE.done;
}

/** Why personas failed: most often all for one reason, and each is in `syntheses.jsonl`. */
function failureLine({ outcomes, lastFailure = "for a reason unknown" }: Tally): string {
  return `${outcomes.failed === 1 ? "The one that failed" : "The last that failed"}: ${lastFailure}`;
}

/** What can be done next; the last line is the command that leads on. */
function nextLines(part: FinishedPart, directory: string): readonly string[] {
  const { settings, session, result, interrupted } = part;
  const { pause, tally } = result;
  const command = `agentrefine resume ${directory}${givenAgain(settings.model, session, pause?.error)}`;
  const { accepted, failed } = tally.outcomes;
  return [
    ...(pause === undefined ? [] : [pauseWords(pause.error)]),
    ...(interrupted ? [goingOnWords.interrupted] : []),
    ...(exitCode(part) === EXIT_CODE.belowThreshold && pause === undefined
      ? ["Fewer were accepted than --min-acceptance asks for."]
      : []),
    ...(pause !== undefined || interrupted ? [goingOnWords.goOn(command)] : []),
    ...(pause === undefined && !interrupted && failed > 0
      ? [failureLine(tally), generateWords.retry(failed, command)]
      : []),
    ...(accepted > 0
      ? [
          `NAME is what you train with: ${Object.keys(ENGINES).join(", ")}.`,
          `Next: agentrefine export ${directory} --engine NAME --out train.jsonl`,
        ]
      : []),
  ];
}

/** Tells what a run has come to and what can be done next. Gives the exit code. */
export function finishRun(part: FinishedPart, host: Host): ExitCode {
  const { run, result, seconds, written, interrupted } = part;
  const { pause, tally, personas } = result;
  const directory = showPath(run.directory, host.directory);
  const pricesOf = priceSchema.safeParse(run.description.prices).data?.asOf;
  const summary = { run: directory, personas, tally, seconds, written, pricesOf };
  for (const line of summaryLines(summary, paintFor(host.stderr, host.env))) host.stderr.write(`${line}\n`);
  host.stderr.write(noteText(`Run: ${directory}`, host.stderr));
  for (const line of nextLines(part, directory)) host.stderr.write(noteText(line, host.stderr));
  if (part.session.json) {
    const ending = { interrupted, paused: pause === undefined ? null : pause.error.message };
    host.stdout.write(`${JSON.stringify(summaryJson({ ...summary, run: run.directory }, ending))}\n`);
  }
  return exitCode(part);
}
