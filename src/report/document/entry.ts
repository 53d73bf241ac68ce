import type { Chart } from "../charts/chart.ts";
import type { Part } from "../render.ts";
import type { Material } from "./material.ts";

/** A chart of a report, with the name that its files have. */
export interface NamedChart {
  readonly file: string;
  readonly chart: Chart;
}

/** What came of a table or a figure. */
export interface Section {
  /** Tables, with what has to be said of them. */
  readonly parts?: readonly Part[];
  readonly charts?: readonly NamedChart[];
}

/** Why a table or a figure is not there: what it needs that was not given, in half a sentence. */
export interface Missing {
  readonly missing: string;
}

/** A table or a figure of a report: made of the material, or missing. */
export interface Entry {
  /** The name of its files and its place in the page, such as `table-1`. */
  readonly key: string;
  readonly title: string;
  readonly make: (material: Material) => Section | Missing | Promise<Section | Missing>;
}
