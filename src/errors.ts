/** Options of an {@link AgentRefineError}. */
export interface AgentRefineErrorOptions {
  /** What the user can do about it, as one sentence. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/**
 * Something the user can put right: a bad flag, a missing file, a refused key.
 * The command line prints `message` and `fix` as one line and never a stack trace. Any other error is a
 * defect of this program. Failures that are expected in the course of a run are values, not errors.
 */
export class AgentRefineError extends Error {
  override readonly name = "AgentRefineError";
  /** What the user can do about it, as one sentence. */
  readonly fix: string | undefined;

  constructor(message: string, options: AgentRefineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fix = options.fix;
  }
}

/** The words of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The longest text that {@link shortWords} leaves, in characters. */
const LONGEST_WORDS = 300;

/** What another program says, such as a server, as one short line without control characters. */
export function shortWords(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: such words are printed on a terminal.
  const words = text.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ").trim();
  return words.length <= LONGEST_WORDS ? words : `${words.slice(0, LONGEST_WORDS - 1)}…`;
}

/** The `code` that Node puts on system errors (`ENOENT`, `ENOSPC`, …), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
