import type { ActionMatcher } from "../script/action-matcher.ts";
import type { ErrorPolicy, Turn } from "../trajectory/trajectory.ts";
import { TurnReader } from "../trajectory/turn-reader.ts";
import type { Fault, Verdict } from "./fault.ts";
import { Verification } from "./verification.ts";

/** Verifies turns that are already JSON values (App. M), from turn 0 on. */
export function verifyTurns(
  matcher: ActionMatcher,
  values: readonly unknown[],
  policy?: ErrorPolicy,
): Verdict {
  const verification = new Verification(matcher, [], policy);
  for (const value of values) {
    if (verification.add(value) !== undefined) break;
  }
  return verification.end();
}

/** Verifies a model's reply that continues `verified`. */
export function verifyReply(
  matcher: ActionMatcher,
  reply: string,
  verified: readonly Turn[] = [],
  policy?: ErrorPolicy,
): Verdict {
  const reader = new TurnReader();
  const verification = new Verification(matcher, verified, policy);
  for (const value of [...reader.push(reply), ...reader.end()]) {
    if (verification.add(value) !== undefined) break;
  }
  return verification.end(reader.problem);
}

/**
 * Verifies a reply while it is written: feed the function with each piece of text, and it returns the first
 * fault as soon as the text so far has one. What only the end can show is left to {@link verifyReply}.
 */
export function watchReply(
  matcher: ActionMatcher,
  verified: readonly Turn[] = [],
  policy?: ErrorPolicy,
): (text: string) => Fault | undefined {
  const reader = new TurnReader();
  const verification = new Verification(matcher, verified, policy);
  return (text) => {
    for (const value of reader.push(text)) {
      if (verification.add(value) !== undefined) return verification.fault;
    }
    return reader.problem === undefined ? undefined : verification.end(reader.problem).fault;
  };
}
