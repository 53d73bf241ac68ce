import { parseArgs } from "node:util";
import { BENCHMARKS } from "./benchmarks/benchmarks.ts";
import type { Report } from "./support/benchmark.ts";
import { runChild } from "./support/child.ts";
import { finishReport, reportText, versionsOf } from "./support/print-report.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    size: { type: "string", default: "" },
    run: { type: "string", default: "" },
  },
});
const names = BENCHMARKS.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${names.join(", ")}.`);
  process.exit(2);
}

if (values.size !== "" && !/^[1-9]\d{0,8}$/.test(values.size)) {
  console.error(`--size takes a number of personas, not ${values.size}.`);
  process.exit(2);
}

const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const reports = [];
for (const benchmark of chosen) {
  const inputs = [benchmark.name, values.quick ? "quick" : "full", values.size, values.run];
  try {
    const report = await runChild<Report>("run-benchmark.js", inputs);
    // Figures of small amounts are judged by no goal.
    const judged = values.quick ? { ...report, goals: [] } : report;
    const finished = finishReport(benchmark, judged, await versionsOf(report.packages));
    reports.push(finished);
    if (!values.json) console.log(reportText(finished));
  } catch (error) {
    // One benchmark that cannot run keeps none of the others from it.
    console.error(`${benchmark.name}: failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
if (values.json) console.log(JSON.stringify(reports, null, 2));
