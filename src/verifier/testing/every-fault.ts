import type { Fault } from "../fault.ts";

/** A fault of every code. */
export const EVERY_FAULT: { readonly [Code in Fault["code"]]: Fault & { readonly code: Code } } = {
  "malformed-json": { code: "malformed-json", turn: 4, problem: "a comma is missing" },
  "wrong-keys": { code: "wrong-keys", turn: 4, problem: 'the key "Thought" is missing' },
  "unmatched-action": { code: "unmatched-action", turn: 3, action: 'say "hello"\n' },
  "error-in-last-turn": { code: "error-in-last-turn", turn: 8 },
  unfinished: { code: "unfinished", turn: 8 },
  "too-few-errors": { code: "too-few-errors", turn: 8, errors: 1 },
  "unwanted-error": { code: "unwanted-error", turn: 5 },
  "out-of-calls": { code: "out-of-calls", turn: 0 },
  "empty-reply": { code: "empty-reply", turn: 0 },
  refused: { code: "refused", turn: 0 },
  "cut-off": { code: "cut-off", turn: 6 },
  "tool-call": { code: "tool-call", turn: 0 },
  "reasoning-only": { code: "reasoning-only", turn: 0 },
};
