import type { ModelChoice } from "../../config/run-settings.ts";
import { ChatError } from "../../model/chat-error.ts";
import { CostCapReached } from "../../model/ledger.ts";
import { printable } from "../../printable.ts";
import type { Session } from "../run/session.ts";
import { goingOnWords } from "../words.ts";

/** Why work paused, and what can be done about it. */
export function pauseWords(error: Error): string {
  if (error instanceof CostCapReached) return goingOnWords.costCap(error.message);
  const reason = printable(error.message);
  return error instanceof ChatError ? goingOnWords.paused(reason) : goingOnWords.pausedOtherwise(reason);
}

/**
 * What a command that goes on must be given again, since it is not saved: headers, which may be secrets, and the
 * limit on cost, without which it would spend what it likes. A limit that was reached is left open.
 */
export function givenAgain(
  choice: ModelChoice | undefined,
  { options }: Pick<Session, "options">,
  pause: Error | undefined,
): string {
  const headers = (choice?.headers ?? []).map((name) => ` --header '${name}: …'`);
  const limit = pause instanceof CostCapReached ? "…" : options.maxCost;
  return [...headers, ...(options.maxCost === undefined ? [] : [` --max-cost ${limit}`])].join("");
}
