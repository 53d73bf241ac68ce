import type { RunSettings } from "../../config/run-settings.ts";
import { CostCapReached } from "../../model/ledger.ts";
import type { Pause } from "../../model/run-halt.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import type { Tally } from "../../synthesis/tally.ts";
import { EXIT_CODE, type ExitCode } from "../exit-code.ts";
import { givenAgain, pauseWords } from "../model/going-on.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
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

/** Tells what a run has come to and what can be done next. Gives the exit code. */
export function finishRun(part: FinishedPart, host: Host): ExitCode {
  const { run, settings, session, result, seconds, interrupted } = part;
  const { pause, tally } = result;
  const directory = showPath(run.directory, host.directory);
  const line = (text: string): void => host.stderr.write(`${text}\n`);
  const summary = { run: run.directory, personas: result.personas, tally, seconds };
  for (const each of summaryLines(summary)) line(each);
  line("");
  line(generateWords.files(directory));
  if (tally.outcomes.accepted > 0) line(generateWords.exportNext(directory));
  if (pause !== undefined) line(pauseWords(pause.error));
  if (interrupted) line(goingOnWords.interrupted);
  const command = `agentrefine resume ${directory}${givenAgain(settings.model, session, pause?.error)}`;
  if (pause !== undefined || interrupted) line(goingOnWords.goOn(command));
  else if (tally.outcomes.failed > 0) line(generateWords.retry(tally.outcomes.failed, command));
  const code = exitCode(part);
  if (code === EXIT_CODE.belowThreshold && pause === undefined) line(generateWords.belowThreshold);
  if (session.json) {
    const ending = { interrupted, paused: pause === undefined ? null : pause.error.message };
    host.stdout.write(`${JSON.stringify(summaryJson(summary, ending))}\n`);
  }
  return code;
}
