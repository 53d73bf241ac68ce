import type { Family } from "./family.ts";
import { fetchAndPlace } from "./fetch-and-place.ts";
import { followProcedure } from "./follow-procedure.ts";
import { inspectAndReport } from "./inspect-and-report.ts";
import { measureAndCompare } from "./measure-and-compare.ts";
import { processAndDeliver } from "./process-and-deliver.ts";
import { repair } from "./repair.ts";
import { sortByLabel } from "./sort-by-label.ts";
import { unlock } from "./unlock.ts";

/** Every family of goals. */
export const FAMILIES: readonly Family[] = [
  fetchAndPlace,
  unlock,
  processAndDeliver,
  repair,
  inspectAndReport,
  followProcedure,
  measureAndCompare,
  sortByLabel,
];
