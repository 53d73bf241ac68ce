import type { CallStep, RunStatistics } from "../run-statistics.ts";
import { type Chart, chartOf, type Datum } from "./chart.ts";
import { COLOURS } from "./colours.ts";

const ENDS = ["accepted", "rejected", "failed", "asked again"] as const;

function rowsOf(run: string, { call, reached, accepted, rejected, failed }: CallStep): readonly Datum[] {
  const counts = { accepted, rejected, failed, "asked again": reached - accepted - rejected - failed };
  return ENDS.map((outcome, order) => ({ run, call, outcome, personas: counts[outcome], order }));
}

function words({ name, making }: RunStatistics): string {
  const { steps = [], tally } = making ?? {};
  const [first] = steps;
  const each = steps
    .filter(({ accepted }) => accepted > 0)
    .map(({ call, accepted }) => `${accepted} after ${call} calls`);
  return `${name}: of ${first?.reached ?? 0} personas ${tally?.outcomes.accepted ?? 0} were accepted (${each.join(", ")}).`;
}

/**
 * How many personas of each run came to each call, and how they ended there. Files, which have no calls, have no part.
 */
export function acceptanceFunnel(data: readonly RunStatistics[]): Chart {
  const runs = data.filter(({ making }) => making !== undefined);
  const values = runs.flatMap(({ name, making }) =>
    (making?.steps ?? []).flatMap((step) => rowsOf(name, step)),
  );
  const shown = ENDS.filter((end) =>
    values.some(({ outcome, personas }) => outcome === end && personas !== 0),
  );
  const colours = {
    accepted: COLOURS.refine.light,
    rejected: COLOURS.error.light,
    failed: COLOURS.ochre.light,
    "asked again": COLOURS.pale.light,
  };
  return chartOf(
    { title: "Personas by call", description: runs.map(words).join(" "), values },
    {
      mark: "bar",
      encoding: {
        x: { field: "call", type: "ordinal", title: "call" },
        y: { field: "personas", type: "quantitative", title: "personas" },
        color: {
          field: "outcome",
          type: "nominal",
          title: null,
          scale: { domain: shown, range: shown.map((end) => colours[end]) },
        },
        order: { field: "order" },
        ...(runs.length < 2
          ? {}
          : { column: { field: "run", title: null, sort: runs.map(({ name }) => name) } }),
      },
      width: runs.length < 2 ? 420 : { step: 34 },
    },
  );
}
