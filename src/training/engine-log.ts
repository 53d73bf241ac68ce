/** The loss at a step of the optimizer, a line of `loss.jsonl`. */
export interface LossPoint {
  /** The step at which it was printed, from 1. */
  readonly step: number;
  readonly epoch?: number | undefined;
  /** The mean over the steps since the last point; null when it was not a finite number. */
  readonly loss: number | null;
  readonly learningRate?: number | undefined;
  readonly gradientNorm?: number | undefined;
}

/** What a line that an engine prints tells: the loss of the steps since the last one, or how far it is. */
type LogEvent =
  | { readonly code: "loss"; readonly point: Omit<LossPoint, "step"> }
  | { readonly code: "progress"; readonly step: number; readonly total: number };

/**
 * The bar of a training, which has no name before it as other bars have: `  5%|▌   | 3/60 [00:09<02:51,  3.0s/it]`.
 */
const BAR = /^\s*\d{1,3}%\|[^|]*\|\s*(\d{1,9})\/(\d{1,9}) \[/;
const ANY_BAR = /\d{1,3}%\|[^|]*\|/;
/** What the trainer of Hugging Face, on which all three engines stand, prints at each log: a Python dictionary. */
const LOSS = /^\s*\{.*'loss': /;

/** A finite number of a Python dictionary, which newer versions write as a text. */
function numberOf(line: string, key: string): number | undefined {
  const found = Number(new RegExp(`'${key}': '?([^,'}\\s]{1,40})`).exec(line)?.[1]);
  return Number.isFinite(found) ? found : undefined;
}

/** What a line that an engine prints tells of its training; undefined when nothing. */
export function readLogLine(line: string): LogEvent | undefined {
  if (LOSS.test(line)) {
    const point = {
      epoch: numberOf(line, "epoch"),
      loss: numberOf(line, "loss") ?? null,
      learningRate: numberOf(line, "learning_rate"),
      gradientNorm: numberOf(line, "grad_norm"),
    };
    return { code: "loss", point };
  }
  const bar = BAR.exec(line);
  return bar === null ? undefined : { code: "progress", step: Number(bar[1]), total: Number(bar[2]) };
}

/** Whether a line tells a person anything about a failure. */
export function isWorthKeeping(line: string): boolean {
  return line.trim() !== "" && !ANY_BAR.test(line);
}

/** The line of a log that names what went wrong: the last that is a Python exception, else the last. */
export function causeOfFailure(lines: readonly string[]): string | undefined {
  const isException = (line: string): boolean =>
    /^(?:\[\w+\]:)?\s*(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit)\b(?::|$)/.test(line) &&
    // torchrun's own, which only says that a process of it failed.
    !line.includes("ChildFailedError");
  return (lines.findLast(isException) ?? lines.at(-1))?.trim();
}
