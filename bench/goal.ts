/** A figure that was asked for, and what it came to. */
export interface Goal {
  readonly words: string;
  readonly figure: number;
  readonly bound: "at most" | "at least";
  readonly limit: number;
  readonly outcome: "reached" | "missed";
}

/** A goal that is reached by a figure of `limit` or less. */
export function atMost(words: string, figure: number, limit: number): Goal {
  return { words, figure, bound: "at most", limit, outcome: figure <= limit ? "reached" : "missed" };
}

/** A goal that is reached by a figure of `limit` or more. */
export function atLeast(words: string, figure: number, limit: number): Goal {
  return { words, figure, bound: "at least", limit, outcome: figure >= limit ? "reached" : "missed" };
}
