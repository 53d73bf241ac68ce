import type { Move } from "../world/move.ts";

/** A listing that is being made. */
export interface ListingDraft {
  readonly actions: Map<string, readonly Move[]>;
  readonly errors: Map<string, string>;
}
