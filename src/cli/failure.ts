import { AgentRefineError, errorMessage, systemErrorCode } from "../errors.ts";
import { ChatError } from "../model/chat-model.ts";
import { printable } from "../printable.ts";
import { FolderInUse } from "../runs/lock.ts";
import { didYouMean } from "../spelling.ts";

/** The exit codes of the program. */
export const EXIT_CODE = {
  done: 0,
  /** Something failed; one line on stderr says what. */
  failed: 1,
  /** The command, its settings or the config file are wrong; nothing was done. */
  usage: 2,
  /** It ran, but what came out is below what was asked: too few accepted, a line rejected, the cost limit. */
  belowThreshold: 3,
  /** Ended by Ctrl-C or another signal that tells it to stop. */
  interrupted: 130,
} as const;

/** One of {@link EXIT_CODE}. */
export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

/** The command, its settings or the config file are wrong: exit code 2. */
export class UsageError extends AgentRefineError {}

/** A word that is none of the actions of a command such as `data`. */
export function unknownAction(command: string, word: string, actions: readonly string[]): UsageError {
  return new UsageError(`${command} does not know ${word}${didYouMean(word, actions)}`, {
    fix: `It knows ${actions.join(", ")}.`,
  });
}

/** What the system refuses today and may allow tomorrow, though the command stays as it is. */
const PASSING: ReadonlySet<string | undefined> = new Set([
  "ENOSPC",
  "EDQUOT",
  "EIO",
  "ESTALE",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "ETIMEDOUT",
  "EHOSTDOWN",
]);

/** Whether the same command may succeed later, so that a scheduler should try it again. */
function mayPass(error: AgentRefineError): boolean {
  return error instanceof FolderInUse || PASSING.has(systemErrorCode(error.cause));
}

/**
 * Does what belongs to the beginning of a command, such as opening what its arguments name. What the user can
 * put right there is an error of usage, but for what passes by itself.
 */
export async function asUsage<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AgentRefineError) || error instanceof UsageError || mayPass(error)) throw error;
    throw new UsageError(error.message, { cause: error, fix: error.fix });
  }
}

/** A command was ended by a signal before anything came of it: exit code 130. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped; nothing was written");
  }
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Where a defect shows itself: the first line of its stack. */
function firstFrame(error: unknown): string {
  const frame = error instanceof Error ? /^\s+at (.*)$/m.exec(error.stack ?? "")?.[1] : undefined;
  return frame === undefined ? "" : ` (${frame})`;
}

/** What failed first, where putting away what was in use failed too. */
export function firstFailure(error: unknown): unknown {
  const isSecond = error instanceof Error && error.name === "SuppressedError" && "suppressed" in error;
  return isSecond ? firstFailure(error.suppressed) : error;
}

/** The line that tells the user of an error. Only what is a defect of this program names a place in it. */
export function errorWords(thrown: unknown): string {
  const error = firstFailure(thrown);
  if (error instanceof AgentRefineError) {
    const fix = error.fix === undefined ? "" : ` ${sentence(error.fix)}`;
    return printable(`Error: ${sentence(error.message)}${fix}`);
  }
  if (error instanceof Interrupted) return sentence(error.message);
  if (error instanceof ChatError) return printable(`Error: ${sentence(error.message)}`);
  return printable(`This is a defect of agentrefine: ${sentence(errorMessage(error))}${firstFrame(error)}`);
}
