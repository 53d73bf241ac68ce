import { AgentRefineError, errorMessage } from "../../errors.ts";
import { ChatError } from "../../model/chat-error.ts";
import { printable } from "../../printable.ts";
import { words } from "../words.ts";
import { Interrupted } from "./interruption.ts";

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Where a defect shows itself: the first line of its stack. */
function firstFrame(error: unknown): string {
  const frame = error instanceof Error ? /^\s+at (.*)$/m.exec(error.stack ?? "")?.[1] : undefined;
  return frame === undefined ? "" : ` (${frame})`;
}

/** The line that tells the user of an error. Only what is a defect of this program names a place in it. */
export function errorWords(error: unknown): string {
  if (error instanceof AgentRefineError) {
    const fix = error.fix === undefined ? "" : ` ${sentence(error.fix)}`;
    return printable(`${words.errorLabel}: ${sentence(error.message)}${fix}`);
  }
  if (error instanceof Interrupted) return sentence(error.message);
  if (error instanceof ChatError) return printable(`${words.errorLabel}: ${sentence(error.message)}`);
  return printable(`${words.defect}: ${sentence(errorMessage(error))}${firstFrame(error)}`);
}
