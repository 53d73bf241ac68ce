import type { Chart } from "../report/charts/chart.ts";

/** Drawings that are kept; a page of a run or an evaluation has a handful. */
const KEPT = 60;

/** Charts as SVG for pages, each drawn once: drawing one takes as long as all else of a page. */
export class ChartDrawings {
  readonly #drawn = new Map<string, Promise<string>>();

  /** The drawing of a chart, with colours that the style sheet sets. */
  of(chart: Chart): Promise<string> {
    const key = JSON.stringify(chart);
    const known = this.#drawn.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#drawn.keys();
    if (this.#drawn.size >= KEPT && oldest !== undefined) this.#drawn.delete(oldest);
    // Vega is large, and most pages have no chart.
    const drawing = import("../report/render-chart.ts").then(({ renderChart }) => renderChart(chart, "page"));
    this.#drawn.set(key, drawing);
    return drawing;
  }
}
