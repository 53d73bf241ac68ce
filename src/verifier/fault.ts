/**
 * What is wrong with a trajectory (Algorithm 1). `turn` is the number of the first turn that is not verified.
 * All but `too-few-errors` keep the turns before it; that one starts over. `unwanted-error` is no part of the
 * algorithm: it only comes where trajectories without errors are asked for (Table 2).
 */
export type Fault =
  | { readonly code: "malformed-json"; readonly turn: number; readonly problem: string }
  | { readonly code: "wrong-keys"; readonly turn: number; readonly problem: string }
  | { readonly code: "unmatched-action"; readonly turn: number; readonly action: string }
  | { readonly code: "error-in-last-turn"; readonly turn: number }
  | { readonly code: "unfinished"; readonly turn: number }
  | { readonly code: "too-few-errors"; readonly turn: number; readonly errors: number }
  | { readonly code: "unwanted-error"; readonly turn: number };
