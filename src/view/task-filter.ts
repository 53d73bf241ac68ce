import { type Query, wholeFrom1 } from "./link.ts";

/** Which tasks of a grid are listed. */
export const TASKS_SHOWN = ["all", "flipped", "won", "lost"] as const;

/** What of a grid is shown; all of it is in the address. */
export interface TaskFilter {
  readonly suite?: string;
  readonly show: (typeof TASKS_SHOWN)[number];
  /** From 1. */
  readonly page: number;
}

/** Rows of one page of the list below a grid. */
export const TASKS_A_PAGE = 100;

/** The filter that an address asks for; what it does not understand is left out. */
export function readTaskFilter(given: Readonly<Record<string, string | undefined>>): TaskFilter {
  const { suite, show, page } = given;
  return {
    ...(suite ? { suite } : {}),
    show: TASKS_SHOWN.find((each) => each === show) ?? "all",
    page: wholeFrom1(page),
  };
}

/** What of an address gives this filter; `changes` go over it. */
export function taskQuery({ suite, show, page }: TaskFilter, changes: Query = {}): Query {
  return { suite, show: show === "all" ? undefined : show, page: page === 1 ? undefined : page, ...changes };
}
