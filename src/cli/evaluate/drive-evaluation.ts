import type { Suite } from "../../environment/environment.ts";
import { NOTHING_SPENT } from "../../evaluation/episode-calls.ts";
import { type EvaluationResult, type EvaluationView, evaluate } from "../../evaluation/evaluate.ts";
import { instructWith } from "../../evaluation/open-suites.ts";
import { evaluateWords } from "../evaluation-words.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Session } from "../run/session.ts";
import type { Host } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { paintFor } from "../terminal/paint.ts";
import { Panel } from "../terminal/panel.ts";
import { showProgress } from "../terminal/progress.ts";
import { showPath } from "../terminal/show-path.ts";
import { goingOnWords } from "../words.ts";
import type { EvaluationFolder } from "./evaluation-folder.ts";
import { finishEvaluation } from "./finish-evaluation.ts";
import type { OpenedAgent } from "./open-agent.ts";
import { progressOfEvaluation } from "./progress-line.ts";

/** One part of an evaluation, ready to be driven. */
export interface EvaluationPart extends EvaluationFolder {
  readonly suites: readonly Suite[];
  readonly opened: OpenedAgent;
  readonly session: Session;
}

/** Drives an evaluation to its end, a pause or an interruption; tells how it goes and what came of it. */
export async function driveEvaluation(part: EvaluationPart, host: Host): Promise<ExitCode> {
  const { run, settings, suites, opened, session } = part;
  const began = host.now();
  const seconds = (): number => (host.now() - began) / 1000;
  let view: EvaluationView = { planned: 0, results: () => new Map(), spending: () => NOTHING_SPENT };
  let endedBefore = 0;
  const panel = new Panel(paintFor(host.stderr, host.env), host.now);
  const lines = (width: number): readonly string[] => {
    const pace = { total: view.planned, endedBefore, seconds: seconds(), concurrency: opened.concurrency };
    const wire = { limiter: opened.limiter?.(), activity: opened.activity?.() };
    return panel.lines({ ...pace, ...wire, ...progressOfEvaluation(view) }, width);
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
  let result: EvaluationResult;
  try {
    result = await evaluate(run.directory, {
      agent: opened.agent,
      suites,
      instruct: instructWith(settings),
      attempts: settings.samples,
      maxTurns: settings.maxTurns,
      seed: settings.seed,
      concurrency: opened.concurrency,
      costOf: opened.costOf,
      retryFailed: session.retryFailed,
      stop: interruption.signal,
      onNote: note,
      onStart: (started) => {
        view = started;
        opened.log.open(run.directory, session.verbose ? (line) => progress.note(line) : undefined);
        endedBefore = started.results().size;
        const directory = showPath(run.directory, host.directory);
        if (endedBefore > 0) note(evaluateWords.goingOn(directory, endedBefore, view.planned));
        progress = showProgress(host, lines, session.quiet);
      },
    });
  } finally {
    progress.end();
    interruption.release();
    await opened.log.close();
  }
  const interrupted = interruption.signal.aborted && result.results.length < result.planned;
  return finishEvaluation({ run, settings, result, seconds: seconds(), interrupted, session }, host);
}
