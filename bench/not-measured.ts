import type { Report } from "./benchmark.ts";

/** The report of a benchmark that needs files which do not come with the project: it says so and has no figures. */
export function notMeasured(needs: string): Report {
  return { method: `Not measured: this needs ${needs}.`, columns: [], rows: [], goals: [], packages: [] };
}
