import { COLOURS, SERIES } from "./colours.ts";

/** A row of a chart's data; rates are in per cent. */
export type Datum = Readonly<Record<string, string | number | null>>;

/** A chart in the language of Vega-Lite (https://vega.github.io/vega-lite), with its data in it: plain JSON. */
export interface Chart {
  readonly $schema: string;
  readonly title: string;
  /** What the chart shows, with its main numbers, for who does not see it. */
  readonly description: string;
  readonly data: { readonly values: readonly Datum[] };
  readonly [part: string]: unknown;
}

type Encoding = Readonly<Record<string, unknown>>;

/** A chart of some rows. */
export function chartOf(
  {
    title,
    description,
    values,
  }: Pick<Chart, "title" | "description"> & { readonly values: readonly Datum[] },
  rest: Readonly<Record<string, unknown>>,
): Chart {
  const $schema = "https://vega.github.io/schema/vega-lite/v6.json";
  return { $schema, title, description, data: { values }, ...rest };
}

/** What the paper's numbers are called in charts. */
export const PAPER = "paper";

/** A colour for each of what is set beside each other; with one alone there is nothing to tell apart. */
export function coloured(field: string, names: readonly string[]): Encoding {
  if (names.length < 2) return { color: { value: COLOURS.accent.light } };
  const range = names.map((name, place) =>
    name === PAPER ? COLOURS.soft.light : (SERIES[place % SERIES.length]?.light ?? COLOURS.accent.light),
  );
  return { color: { field, type: "nominal", sort: null, title: null, scale: { domain: names, range } } };
}

/** What bars stand over, or how long they are: a field with what Vega-Lite is to know of it beyond its kind. */
type Field = Readonly<Record<string, unknown>> & { readonly field: string };

/**
 * Bars over some names, which lie where the names are long; those of what is set beside each other, told by the field
 * `by`, stand side by side.
 */
export function barChart(
  head: Parameters<typeof chartOf>[0],
  bars: {
    readonly over: Field;
    readonly length: Field;
    readonly by: string;
    readonly beside: readonly string[];
    readonly areLying?: boolean;
  },
): Chart {
  const { over, length, by, beside, areLying = false } = bars;
  const [across, along] = areLying ? ["y", "x"] : ["x", "y"];
  const names = {
    type: "nominal",
    sort: null,
    title: null,
    ...(areLying ? { axis: { grid: false } } : {}),
    ...over,
  };
  const lengths = {
    type: "quantitative",
    ...(areLying ? { axis: { grid: true, tickMinStep: 1 } } : {}),
    ...length,
  };
  const offset = beside.length < 2 ? {} : { [`${across}Offset`]: { field: by, sort: null } };
  return chartOf(head, {
    mark: "bar",
    encoding: { [across]: names, [along]: lengths, ...coloured(by, beside), ...offset },
    ...(areLying ? { width: 320, height: { step: beside.length < 2 ? 20 : 12 } } : { width: 420 }),
  });
}

/** A number with at most one digit behind the point, for descriptions. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function csvField(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? "" : String(value).replace(/\s+/g, " ");
  // A spreadsheet takes what begins so for a formula; a number with a sign is none.
  const safe = typeof value === "string" && /^[=@+-]/.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The data of a chart as CSV (RFC 4180, but for line feeds alone). */
export function chartCsv({ data: { values } }: Chart): string {
  const columns = [...new Set(values.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...values.map((row) => columns.map((column) => row[column]))];
  return lines.map((line) => `${line.map(csvField).join(",")}\n`).join("");
}
