import type { RunSettings } from "../../config/run-settings.ts";
import type { Persona } from "../../persona/persona.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { endedPersonas, type GenerateResult, generate, type RunView } from "../../synthesis/generate.ts";
import { EMPTY_TALLY } from "../../synthesis/tally.ts";
import type { ExitCode } from "../exit-code.ts";
import type { RunModel } from "../model/open-run-model.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { paintFor } from "../terminal/paint.ts";
import { Panel } from "../terminal/panel.ts";
import { showProgress } from "../terminal/progress.ts";
import { showPath } from "../terminal/show-path.ts";
import { generateWords, goingOnWords } from "../words.ts";
import { finishRun } from "./finish-run.ts";
import { progressOfRun } from "./progress-line.ts";

/** One part of a run, ready to be driven. */
export interface RunPart {
  readonly run: RunFolder;
  readonly settings: RunSettings;
  readonly session: Session;
  readonly opened: RunModel;
  /** The selected personas; read only when the run does not have them yet. `stop` ends the reading. */
  readonly personas: (stop: AbortSignal) => AsyncIterable<Persona>;
}

function budgetOf({ session, settings }: RunPart): { maxCost: number; maxTokens: number } | undefined {
  const { maxCost } = session.options;
  const { maxTokens } = settings.model;
  return maxCost === undefined || maxTokens === undefined ? undefined : { maxCost, maxTokens };
}

/** Drives a run to its end, a pause or an interruption; tells how it goes and what came of it. */
export async function driveRun(part: RunPart, host: Host): Promise<ExitCode> {
  const { run, session, opened, settings } = part;
  const began = host.now();
  const seconds = (): number => (host.now() - began) / 1000;
  let view: RunView = { personas: 0, tally: () => EMPTY_TALLY };
  let [endedBefore, writtenBefore] = [0, 0];
  const panel = new Panel(paintFor(host.stderr, host.env), host.now);
  const lines = (width: number): readonly string[] => {
    const pace = { total: view.personas, endedBefore, seconds: seconds(), concurrency: opened.concurrency };
    const wire = { limiter: opened.limiter?.(), activity: opened.activity?.() };
    return panel.lines({ ...pace, ...wire, ...progressOfRun(view.tally()) }, width);
  };
  let progress = showProgress(host, lines, true);
  const note = (text: string): void => {
    opened.log.note(text);
    progress.note(text);
  };
  const interruption = watchInterrupts(host, {
    onFirst: (grace) => note(goingOnWords.stopping(opened.activity?.().running ?? 0, grace)),
    onOver: opened.end,
  });
  opened.onNote(note);
  let result: GenerateResult;
  try {
    result = await generate(run, {
      model: opened.model,
      personas: () => part.personas(interruption.signal),
      maximumCalls: settings.maxCalls,
      errors: settings.errors ? "refined" : "none",
      concurrency: opened.concurrency,
      costOf: opened.costOf,
      budget: budgetOf(part),
      retryFailed: session.retryFailed,
      stop: interruption.signal,
      onNote: note,
      onStart: (started) => {
        view = started;
        opened.log.open(run.directory, session.verbose ? (line) => progress.note(line) : undefined);
        endedBefore = endedPersonas(started.tally());
        writtenBefore = started.tally().completionTokens;
        if (endedBefore > 0) {
          note(generateWords.goingOn(showPath(run.directory, host.directory), endedBefore, view.personas));
        }
        progress = showProgress(host, lines, session.quiet);
      },
    });
  } finally {
    progress.end();
    interruption.release();
    await opened.log.close();
  }
  const written = result.tally.completionTokens - writtenBefore;
  const interrupted = interruption.signal.aborted && result.pending > 0;
  return finishRun({ ...part, result, seconds: seconds(), written, interrupted }, host);
}
