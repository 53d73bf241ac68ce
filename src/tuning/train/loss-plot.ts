import type { LossPoint } from "./loss-point.ts";

const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 64, right: 16, top: 44, bottom: 48 };
const MOST_POINTS = 1000;
/** The share of the steps over which the smooth line averages. */
const WINDOW = 0.05;

interface Point {
  readonly x: number;
  readonly y: number;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Round numbers from `least` to `most`, about `count` of them. */
export function ticks(least: number, most: number, count: number): readonly number[] {
  const raw = (most - least || Math.abs(most) || 1) / count;
  const size = 10 ** Math.floor(Math.log10(raw));
  const spacing = [1, 2, 5, 10].map((each) => each * size).find((each) => each >= raw) ?? raw;
  const first = Math.ceil(least / spacing - 1e-9);
  const last = Math.floor(most / spacing + 1e-9);
  return Array.from({ length: last - first + 1 }, (_unused, place) =>
    Number(((first + place) * spacing).toPrecision(12)),
  );
}

/** As many means of neighbours as fit into a picture. */
function thinned(points: readonly Point[]): readonly Point[] {
  const size = Math.ceil(points.length / MOST_POINTS);
  if (size <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / size) }, (_unused, place) => {
    const group = points.slice(place * size, (place + 1) * size);
    const mean = (of: (point: Point) => number): number =>
      group.reduce((sum, point) => sum + of(point), 0) / group.length;
    return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  });
}

/** Each point with the mean of those before it within the window, so that a falling loss is seen through its noise. */
function smoothed(points: readonly Point[]): readonly Point[] {
  const window = Math.max(1, Math.round(points.length * WINDOW));
  let sum = 0;
  return points.map(({ x, y }, place) => {
    sum += y - (points[place - window]?.y ?? 0);
    return { x, y: sum / Math.min(place + 1, window) };
  });
}

function line(points: readonly Point[], style: string): string {
  const text = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return `<polyline fill="none" ${style} points="${text}"/>`;
}

/** Draws the losses of a training as an SVG picture; undefined when there is none. */
export function lossPlot(points: readonly LossPoint[], title: string): string | undefined {
  const known = points.flatMap(({ step, loss }) => (loss === null ? [] : [{ x: step, y: loss }]));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const losses = thinned(known);
  const least = losses.reduce((least, { y }) => Math.min(least, y), first.y);
  const most = losses.reduce((most, { y }) => Math.max(most, y), first.y);
  const [bottom, top] = most > least ? [least, most] : [least - 0.5, most + 0.5];
  const right = WIDTH - MARGIN.right;
  const floor = HEIGHT - MARGIN.bottom;
  const x = (step: number): number =>
    MARGIN.left + ((step - first.x) / Math.max(1, last.x - first.x)) * (right - MARGIN.left);
  const y = (loss: number): number => floor - ((loss - bottom) / (top - bottom)) * (floor - MARGIN.top);
  const placed = (of: readonly Point[]): readonly Point[] =>
    of.map((point) => ({ x: x(point.x), y: y(point.y) }));
  const steps = ticks(first.x, last.x, 8).filter(Number.isInteger);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="24" font-size="15">${escaped(title)}</text>`,
    ...ticks(bottom, top, 6).map(
      (loss) =>
        `<path d="M${MARGIN.left} ${y(loss).toFixed(1)}H${right}" stroke="#ddd"/>` +
        `<text x="${MARGIN.left - 8}" y="${(y(loss) + 4).toFixed(1)}" text-anchor="end">${loss}</text>`,
    ),
    ...steps.map(
      (step) => `<text x="${x(step).toFixed(1)}" y="${floor + 18}" text-anchor="middle">${step}</text>`,
    ),
    `<path d="M${MARGIN.left} ${MARGIN.top}V${floor}H${right}" fill="none" stroke="#333"/>`,
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">step</text>`,
    `<text transform="translate(16 ${(MARGIN.top + floor) / 2}) rotate(-90)" text-anchor="middle">loss</text>`,
    line(placed(losses), 'stroke="#9dbbdb"'),
    line(placed(smoothed(losses)), 'stroke="#1b5e9e" stroke-width="2"'),
    "</svg>",
  ].join("\n")}\n`;
}
