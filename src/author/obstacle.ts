/** What stands in the way of an action. */
export type ObstacleCode =
  | "unknown-action"
  | "elsewhere"
  | "no-way"
  | "not-there"
  | "already-here"
  | "already-open"
  | "already-closed"
  | "already-held"
  | "already-on"
  | "already-worked"
  | "already-fitted"
  | "already-set"
  | "already-read"
  | "nothing-new"
  | "closed"
  | "locked"
  | "not-locked"
  | "wrong-key"
  | "not-held"
  | "unsuitable"
  | "not-running"
  | "incomplete"
  | "misfit"
  | "wrong-tool"
  | "wrong-order"
  | "not-inspected"
  | "wrong-answer";

/** Why an action comes to nothing, with the thing that it is about. */
export interface Obstacle {
  readonly code: ObstacleCode;
  readonly thing: string;
  /** The other thing that plays a part: the container, the device, the key. */
  readonly other?: string;
}

const PLACE: ReadonlySet<ObstacleCode> = new Set(["elsewhere", "no-way", "not-there"]);

/** The paper's kind of an error (section 3.1): its form, its place or its sense is wrong. */
export type ErrorKind = "parameter" | "place" | "logic";

/** Which kind of error an obstacle makes of an action. */
export function errorKind(code: ObstacleCode): ErrorKind {
  if (code === "unknown-action") return "parameter";
  return PLACE.has(code) ? "place" : "logic";
}
