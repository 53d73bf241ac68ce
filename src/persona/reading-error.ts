import { AgentRefineError, errorMessage, systemErrorCode } from "../errors.ts";

interface Words {
  readonly problem: string;
  readonly fix: string;
}

const WORDS: ReadonlyMap<string, Words> = new Map([
  ["ENOENT", { problem: "there is no such file", fix: "Check the path." }],
  ["ENOTDIR", { problem: "a part of the path is not a folder", fix: "Check the path." }],
  ["EISDIR", { problem: "it is a folder", fix: "Give the path of a file with personas." }],
  ["EACCES", { problem: "permission denied", fix: "Check who may read the file." }],
  ["EPERM", { problem: "permission denied", fix: "Check who may read the file." }],
  [
    "EIO",
    { problem: "the disk reports an error", fix: "Copy the file to another disk if that is possible." },
  ],
]);

/**
 * What to throw when personas could not be read: an {@link AgentRefineError} that names the source. Errors that
 * come neither from the system nor from the gzip format are defects and come back as they are.
 */
export function readingError(error: unknown, name: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined || code.startsWith("ERR_")) return error;
  if (code.startsWith("Z_")) {
    return new AgentRefineError(`cannot read ${name}: it is a damaged or incomplete gzip file`, {
      fix: "Download or pack the file again; `gzip -t` checks it.",
      cause: error,
    });
  }
  const words = WORDS.get(code);
  return words === undefined
    ? new AgentRefineError(`cannot read ${name}: ${errorMessage(error)}`, { cause: error })
    : new AgentRefineError(`cannot read ${name}: ${words.problem}`, { fix: words.fix, cause: error });
}
