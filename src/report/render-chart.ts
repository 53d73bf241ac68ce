import { parse, View } from "vega";
import { compile } from "vega-lite";
import type { Chart } from "./charts/chart.ts";
import { COLOURS, GROUND } from "./charts/colours.ts";
import { htmlText } from "./render.ts";

// The build puts Vega into this module's file, so that nobody has to install it. It is large: import it when a chart
// is drawn.

/**
 * On what ground a chart is drawn: `light` or `dark` in a file of its own, or `page`, where colours are variables that
 * the page's style sheet sets (`chartVariables`).
 */
export type ChartGround = "light" | "dark" | "page";

const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

const { ink, soft, line } = COLOURS;

/** How all charts look; nothing of it is in their specifications. */
const LOOK = {
  font: FONT,
  background: null,
  padding: 8,
  view: { stroke: null, continuousWidth: 420, continuousHeight: 220 },
  title: { color: ink.light, fontSize: 14, fontWeight: 600, anchor: "start", offset: 12 },
  axis: {
    labelColor: soft.light,
    titleColor: soft.light,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
    gridColor: line.light,
    domainColor: line.light,
    tickColor: line.light,
    labelLimit: 320,
  },
  axisX: { grid: false, labelAngle: 0 },
  axisY: { domain: false, ticks: false },
  legend: {
    labelColor: ink.light,
    titleColor: soft.light,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    orient: "top",
    labelLimit: 260,
    columns: 3,
    offset: 6,
  },
  header: { labelColor: ink.light, labelFontSize: 12, titleColor: soft.light },
  text: { color: ink.light, fontSize: 12 },
} as const;

/** By the colour that a specification has: its variable in a page, and its like on dark ground. */
const OTHER_GROUNDS: ReadonlyMap<string, { readonly page: string; readonly dark: string }> = new Map(
  Object.entries(COLOURS).map(([name, { light, dark }]) => [
    light,
    { page: `var(--chart-${name},${light})`, dark },
  ]),
);

/** The drawing with the colours of its ground. */
function colouredFor(svg: string, ground: ChartGround): string {
  if (ground === "light") return svg;
  return svg.replace(
    /(fill|stroke)="(#[0-9a-f]{6})"/g,
    (_whole, attribute, light) => `${attribute}="${OTHER_GROUNDS.get(light)?.[ground] ?? light}"`,
  );
}

/** One picture with words for who does not see it, in place of the parts that Vega names one by one. */
function described(svg: string, { title, description }: Chart, ground: ChartGround): string {
  const plain = svg
    .replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, "")
    .replace(/<path class="(?:background|foreground)" d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g, "");
  const words = `<title>${htmlText(title)}</title><desc>${htmlText(description)}</desc>`;
  const back = ground === "page" ? "" : `<rect width="100%" height="100%" fill="${GROUND[ground]}"/>`;
  const label = htmlText(`${title}. ${description}`);
  return plain.replace(/^<svg [^>]*>/, (head) => {
    return `${head.replace(/ (?:xmlns:xlink|version)="[^"]*"/g, "").slice(0, -1)} role="img" aria-label="${label}">${words}${back}`;
  });
}

/** Draws a chart as SVG. The same chart always gives the same drawing. */
export async function renderChart(chart: Chart, ground: ChartGround = "light"): Promise<string> {
  // A copy, since what is given is not to be changed.
  const spec = JSON.parse(JSON.stringify(chart));
  const { spec: compiled } = compile({ ...spec, config: { ...LOOK, aria: false, ...spec.config } });
  const view = new View(parse(compiled), { renderer: "none" });
  try {
    return described(colouredFor(await view.toSVG(), ground), chart, ground);
  } finally {
    view.finalize();
  }
}
