import type { DataSetName } from "../data/data-sets.ts";
import { fetchCommand } from "../data/published.ts";

/** Something that a suite needs from elsewhere. */
export interface Need {
  /** What it is, such as `the jar of ScienceWorld 1.2.2`. */
  readonly need: string;
  readonly found: boolean;
  /** Where it was found, or what brings it. */
  readonly detail: string;
  /** The suite can be played without it, in another way that `detail` tells. */
  readonly optional?: boolean;
  /** The data set that brings it; undefined where none does. */
  readonly data?: DataSetName;
}

/** A need that a data set meets: `found` is where it is, and `without` how the suite is played where it is not. */
export function dataNeed(need: string, data: DataSetName, found: string | undefined, without?: string): Need {
  const bring = fetchCommand(data);
  return {
    need,
    found: found !== undefined,
    detail: found ?? (without === undefined ? bring : `${bring}; without it, ${without}`),
    ...(without === undefined ? {} : { optional: true }),
    data,
  };
}
