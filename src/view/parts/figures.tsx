import { raw } from "hono/html";
import { wholeNumber } from "../../numbers.ts";
import type { Chart } from "../../report/charts/chart.ts";
import { type Part, reportHtml } from "../../report/render.ts";
import { Line } from "./text.tsx";

/** A number that is an answer, with what it is and what it is of. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
}

/** The answers of a page in a row. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ name, value, note }) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {note === undefined ? null : (
            <dd class="of">
              <Line text={note} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

/** A row of a table with bars. */
export interface Bar {
  readonly name: string;
  readonly count: number;
  /** Stands behind the count, such as a share. */
  readonly note?: string;
  readonly href?: string;
  readonly tone?: "error" | "good";
}

/** Counts as a table whose bars tell at a glance what the numbers tell exactly. */
export function Bars({ bars, name }: { readonly bars: readonly Bar[]; readonly name: string }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  if (bars.length === 0) return <p class="soft">none</p>;
  return (
    <table class="bars" aria-label={name}>
      <tbody>
        {bars.map(({ name: label, count, note, href, tone }) => (
          <tr>
            <th scope="row">
              <Line text={label} href={href} />
            </th>
            <td class="bar">
              <svg class={tone} height="12" aria-hidden="true" focusable="false">
                <rect width={`${((100 * count) / most).toFixed(2)}%`} height="12" rx="2" />
              </svg>
            </td>
            <td class="num">{wholeNumber(count)}</td>
            {note === undefined ? null : <td class="num soft">{note}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Draws a chart as SVG for a page. */
export type Draw = (chart: Chart) => Promise<string>;

/** A chart that was drawn, as a part of a page: its texts are escaped. */
export function ChartView({ svg }: { readonly svg: string }) {
  return <figure class="chart">{raw(svg)}</figure>;
}

/** A report as `agentrefine compare` prints it, as a part of a page: the HTML that `agentrefine report` writes too. */
export function ReportParts({ parts }: { readonly parts: readonly Part[] }) {
  // Every text in it has been escaped.
  return <div class="report">{raw(reportHtml(parts))}</div>;
}
