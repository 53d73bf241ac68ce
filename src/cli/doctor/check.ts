/** What was found of one thing that a command may need. */
export interface Check {
  readonly name: string;
  /**
   * `absent`: it is not there, and only what `neededBy` names is impossible without it. `broken`: nothing goes
   * without it, or it was named by the user, or is there and cannot be used.
   */
  readonly state: "ready" | "absent" | "broken";
  /** What it is, or what is wrong with it. */
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly fix?: string;
  /** What it is good for. */
  readonly neededBy: string;
}
