import type { GroundAction } from "../ground-action.ts";

/** The action as it would stand in a plan, such as `(move a b)`. */
export function formatAction({ schema, objects }: GroundAction): string {
  return `(${[schema.name, ...objects].join(" ")})`;
}
