import { raw } from "hono/html";

/** A chart that was drawn, with words for who does not see it. */
export interface DrawnChart {
  readonly title: string;
  /** SVG that our own charts were drawn as; its texts are escaped. */
  readonly svg: string;
}

/** A drawn chart as a part of a page. */
export function ChartView({ chart }: { readonly chart: DrawnChart }) {
  return <figure class="chart">{raw(chart.svg)}</figure>;
}
