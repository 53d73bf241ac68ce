import type { RunModel } from "../../model/run-model.ts";
import { counted, duration, wholeNumber } from "../../numbers.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { Panel, type PanelState } from "../terminal/panel.ts";
import { showProgress } from "../terminal/progress.ts";
import { paintFor } from "../terminal/text.ts";
import type { Session } from "./session.ts";

/** How work in a folder stands: the part of its panel that is its own. */
export type Standing = Pick<
  PanelState,
  "total" | "ended" | "counts" | "tokens" | "completionTokens" | "cost" | "batches"
>;

/** What work is given while it is driven. */
export interface Hooks {
  /** Ends the taking of work; calls on the wire finish. */
  readonly stop: AbortSignal;
  readonly onNote: (note: string) => void;
  /** To be called once before the first call, with what tells from then on how the work stands. */
  readonly onStart: (standing: () => Standing) => void;
}

/** Work that is kept in a folder: a run, or an evaluation. */
export interface Work<Result> {
  /** Its folder, an absolute path. */
  readonly directory: string;
  readonly session: Session;
  readonly opened: Omit<RunModel, "model">;
  /** What its pieces are called, such as `persona`. */
  readonly piece: string;
  readonly start: (hooks: Hooks) => Promise<Result>;
}

/** What came of a part of the work. */
interface Driven<Result> {
  readonly result: Result;
  /** Seconds that this part took. */
  readonly seconds: number;
  /** Tokens that the model wrote in this part. */
  readonly written: number;
  /** Whether it was told to stop; there may have been nothing left to do. */
  readonly stopped: boolean;
}

function stoppingWords(calls: number, grace: number): string {
  const finishing =
    calls === 0
      ? "saving"
      : `finishing ${counted(calls, "call")} that ${calls === 1 ? "is" : "are"} paid for, for ${duration(grace)} at most`;
  return `Stopping: ${finishing}. Press Ctrl-C again to end at once.`;
}

const NOTHING: Standing = { total: 0, ended: 0, counts: [], tokens: 0, completionTokens: 0, cost: 0 };

/** Drives work to its end, a pause or an interruption, and shows how it goes. */
export async function drive<Result>(work: Work<Result>, host: Host): Promise<Driven<Result>> {
  const { directory, session, opened, piece } = work;
  const began = host.now();
  const seconds = (): number => (host.now() - began) / 1000;
  let standing = (): Standing => NOTHING;
  let [endedBefore, writtenBefore] = [0, 0];
  const panel = new Panel(paintFor(host.stderr, host.env), host.now);
  const lines = (width: number): readonly string[] => {
    const pace = { endedBefore, seconds: seconds(), concurrency: opened.concurrency };
    const wire = { limiter: opened.limiter?.(), activity: opened.activity?.snapshot() };
    return panel.lines({ ...pace, ...wire, ...standing() }, width);
  };
  let progress = showProgress(host, lines, true);
  const note = (text: string): void => {
    opened.log.note(text);
    progress.note(text);
  };
  using interruption = watchInterrupts(host, {
    onFirst: (grace) => note(stoppingWords(opened.activity?.snapshot().running ?? 0, grace)),
    onOver: opened.end,
  });
  opened.onNote(note);
  try {
    const result = await work.start({
      stop: interruption.signal,
      onNote: note,
      onStart: (started) => {
        standing = started;
        opened.log.open(directory, session.verbose ? (line) => progress.note(line) : undefined);
        const { ended, total, completionTokens } = started();
        endedBefore = ended;
        writtenBefore = completionTokens;
        const shown = showPath(directory, host.directory);
        if (ended > 0)
          note(`Resuming ${shown}: ${wholeNumber(ended)} of ${counted(total, piece)} had ended.`);
        progress = showProgress(host, lines, session.quiet);
      },
    });
    const written = standing().completionTokens - writtenBefore;
    return { result, seconds: seconds(), written, stopped: interruption.signal.aborted };
  } finally {
    progress[Symbol.dispose]();
    await opened.log.close();
  }
}
