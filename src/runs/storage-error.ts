import { AgentRefineError, errorMessage, systemErrorCode } from "../errors.ts";

interface Words {
  readonly problem: string;
  readonly fix: string;
}

const WORDS: ReadonlyMap<string, Words> = new Map([
  ["ENOSPC", { problem: "the disk is full", fix: "Free some space, then start again." }],
  ["EDQUOT", { problem: "your disk quota is used up", fix: "Free some space, then start again." }],
  ["EFBIG", { problem: "the file grew beyond the size that the system allows", fix: "Raise the limit." }],
  ["EIO", { problem: "the disk reports an error", fix: "Check the disk, or use a folder on another one." }],
  ["EROFS", { problem: "the disk is read-only", fix: "Use a folder on a disk that can be written." }],
  ["EACCES", { problem: "permission denied", fix: "Check who may write there, or use another folder." }],
  ["EPERM", { problem: "permission denied", fix: "Check who may write there, or use another folder." }],
  ["ENOENT", { problem: "no such file or folder", fix: "Check the path." }],
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
  const words = WORDS.get(code);
  return words === undefined
    ? new AgentRefineError(`cannot ${purpose} ${path}: ${errorMessage(error)}`, { cause: error })
    : new AgentRefineError(`cannot ${purpose} ${path}: ${words.problem} (${code})`, {
        fix: words.fix,
        cause: error,
      });
}
