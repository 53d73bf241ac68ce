import type { ModelChoice } from "../../config/run-settings.ts";
import { ChatError } from "../../model/chat-error.ts";
import { CostCapReached } from "../../model/ledger.ts";
import { printable } from "../../printable.ts";
import type { Session } from "./session.ts";

/** Why work paused, and what can be done about it. */
export function pauseWords(error: Error): string {
  if (error instanceof CostCapReached) return `Paused: ${error.message}. Raise --max-cost to go on.`;
  const reason = printable(error.message);
  const cause = error instanceof ChatError ? ", because the model gives no replies" : "";
  return `Paused${cause}: ${reason}. Nothing that was bought is lost.`;
}

/**
 * What a command that resumes must be given again, since it is not saved: headers, which may be secrets; an address
 * that goes over the saved one; and the limit on cost, without which it would spend what it likes. A limit that was
 * reached is left open.
 */
export function givenAgain(
  choice: ModelChoice | undefined,
  { options, baseUrl }: Pick<Session, "options" | "baseUrl">,
  pause: Error | undefined,
): string {
  const headers = (choice?.headers ?? []).map((name) => ` --header '${name}: …'`);
  const limit = pause instanceof CostCapReached ? "…" : options.maxCost;
  return [
    ...(baseUrl === undefined || baseUrl === choice?.baseUrl ? [] : [` --base-url ${baseUrl}`]),
    ...headers,
    ...(options.maxCost === undefined ? [] : [` --max-cost ${limit}`]),
  ].join("");
}
