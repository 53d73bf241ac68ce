import type { Measure } from "../../environment/suite.ts";
import type { Estimate } from "../../evaluation/metrics/interval.ts";
import type { ProgressByTurn } from "../../report/progress-by-turn.ts";
import { estimateText, measureTitle, scoreText } from "../../report/score-text.ts";
import { ChartView, type DrawnChart } from "./chart.tsx";

/** Where a value lies in a measure's range, in per cent of its width. */
function placeOf(value: number, { range: [least, most] }: Measure): number {
  return Math.max(0, Math.min(100, (100 * (value - least)) / (most - least)));
}

/** A value with its interval, in figures and drawn to the scale of its range. */
export function EstimateCell(props: { readonly estimate: Estimate | undefined; readonly measure: Measure }) {
  const { estimate, measure } = props;
  if (estimate === undefined) return <td class="num">–</td>;
  const [low, value, high] = [estimate.low, estimate.value, estimate.high].map((each) =>
    placeOf(each, measure),
  );
  const [first, ...interval] = estimateText(estimate, measure).split(" ");
  return (
    <td class="num estimate">
      <b>{first}</b> <span class="soft">{interval.join(" ")}</span>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <path class="scale" d="M0 4H100" />
        <path class="range" d={`M${low} 4H${high}`} />
        <path class="value" d={`M${value} 0V8`} />
      </svg>
    </td>
  );
}

/** A mean, in figures and as a bar. */
export function BarCell(props: { readonly value: number | undefined; readonly measure: Measure }) {
  const { value, measure } = props;
  return (
    <td class="num bar-cell">
      {scoreText(value, measure)}
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <path class="scale" d="M0 4H100" />
        <path class="value-bar" d={`M0 4H${value === undefined ? 0 : placeOf(value, measure)}`} />
      </svg>
    </td>
  );
}

/** Progress over the turns, drawn, with its figures. */
export function ProgressView(props: {
  readonly progress: ProgressByTurn;
  readonly measure: Measure;
  readonly chart: DrawnChart | undefined;
}) {
  const { progress, measure } = props;
  return (
    <div>
      {props.chart === undefined ? null : <ChartView chart={props.chart} />}
      <details>
        <summary>figures</summary>
        <table class="narrow">
          <thead>
            <tr>
              <th class="num">turns</th>
              <th class="num">{measureTitle(measure)}, mean over episodes</th>
            </tr>
          </thead>
          <tbody>
            {progress.means.map((value, turn) => (
              <tr>
                <td class="num">{turn}</td>
                <td class="num">{scoreText(value, measure)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
