import type { Color, Kind } from "../world/thing.ts";

/** Where a thing is, seen from the agent's first position and direction. In the order in which a level draws them. */
export const LOCATIONS = ["left", "right", "front", "behind"] as const;

/** One of {@link LOCATIONS}. */
export type Location = (typeof LOCATIONS)[number];

/** Things in words: what is not given may be anything. */
export interface Description {
  /** Any kind when not given: "object". */
  readonly kind?: Kind;
  readonly color?: Color;
  readonly location?: Location;
}

/** One deed of a mission. A strict one fails for good when the same deed is done to a wrong thing. */
export type Clause =
  | { readonly code: "go-to"; readonly target: Description }
  | { readonly code: "open"; readonly target: Description; readonly strict: boolean }
  | { readonly code: "pick-up"; readonly target: Description; readonly strict: boolean }
  | { readonly code: "put-next"; readonly target: Description; readonly beside: Description };

/** What the agent shall do, as data. */
export type Instruction =
  | Clause
  /** Both in any order. */
  | { readonly code: "and"; readonly first: Clause; readonly second: Clause }
  /** `first`, then `second`. */
  | { readonly code: "before"; readonly first: Instruction; readonly second: Instruction }
  /** `second`, then `first`: "… after you …". */
  | { readonly code: "after"; readonly first: Instruction; readonly second: Instruction };

/** The clauses of an instruction, in the order of its sentence. */
export function clausesOf(instruction: Instruction): readonly Clause[] {
  switch (instruction.code) {
    case "and":
    case "before":
    case "after":
      return [...clausesOf(instruction.first), ...clausesOf(instruction.second)];
    default:
      return [instruction];
  }
}

/** How many ways through the maze an instruction may take; the step limit of a level grows with it. */
export function navigationsNeeded(instruction: Instruction): number {
  return clausesOf(instruction).reduce((sum, { code }) => sum + (code === "put-next" ? 2 : 1), 0);
}
