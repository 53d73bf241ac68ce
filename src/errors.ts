export interface AgentRefineErrorOptions {
  /** What the user can do about it, as one sentence. */
  readonly fix?: string | undefined;
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

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The words of anything that was thrown, with what can be done about it. */
export function wordsWithFix(error: unknown): string {
  const fix = error instanceof AgentRefineError ? error.fix : undefined;
  return fix === undefined ? errorMessage(error) : `${errorMessage(error)}. ${fix}`;
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

const DENIED = {
  problem: "permission denied",
  fix: "Check who may read and write there, or use another path.",
};
/** What the system's refusals mean for a user: in words, and what he can do. */
const SYSTEM_PROBLEMS: ReadonlyMap<string, { readonly problem: string; readonly fix: string }> = new Map([
  ["ENOSPC", { problem: "the disk is full", fix: "Free some space, then start again." }],
  ["EDQUOT", { problem: "your disk quota is used up", fix: "Free some space, then start again." }],
  ["EFBIG", { problem: "the file grew beyond the size that the system allows", fix: "Raise the limit." }],
  ["EIO", { problem: "the disk reports an error", fix: "Check the disk, or use a folder on another one." }],
  ["EROFS", { problem: "the disk is read-only", fix: "Use a folder on a disk that can be written." }],
  ["EACCES", DENIED],
  ["EPERM", DENIED],
  ["ENOENT", { problem: "there is no such file or folder", fix: "Check the path." }],
  ["ENOTDIR", { problem: "a part of the path is not a folder", fix: "Check the path." }],
  ["EEXIST", { problem: "a file of that name is in the way", fix: "Use another path." }],
  ["EISDIR", { problem: "it is a folder", fix: "Give the path of a file." }],
  ["EMFILE", { problem: "too many files are open", fix: "Raise the limit with `ulimit -n`." }],
  ["ENFILE", { problem: "too many files are open", fix: "Raise the system's limit of open files." }],
]);

/**
 * What to throw when the disk refused something: an {@link AgentRefineError} of one line that names the path
 * and the cause. Errors that do not come from the system are defects and come back as they are.
 *
 * @param purpose what was tried, such as `write` or `read`
 */
export function storageError(error: unknown, purpose: string, path: string): Error {
  const code = systemErrorCode(error);
  if (error instanceof AgentRefineError || code === undefined || code.startsWith("ERR_")) {
    return error instanceof Error ? error : new Error(errorMessage(error));
  }
  const known = SYSTEM_PROBLEMS.get(code);
  return known === undefined
    ? new AgentRefineError(`cannot ${purpose} ${path}: ${errorMessage(error)}`, { cause: error })
    : new AgentRefineError(`cannot ${purpose} ${path}: ${known.problem} (${code})`, {
        fix: known.fix,
        cause: error,
      });
}
