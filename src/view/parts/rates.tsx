import { ENDINGS } from "../../agent/agent.ts";
import type { Measure } from "../../environment/suite.ts";
import type { Estimate } from "../../evaluation/metrics/interval.ts";
import type { EvaluationSummary, SuiteSummary } from "../../evaluation/summary.ts";
import { oneDigit, wholeNumber } from "../../numbers.ts";
import { estimateText, measureTitle, scoreText } from "../../report/score-text.ts";
import { link, type Query } from "../link.ts";
import { Table } from "./list.tsx";
import { Line } from "./text.tsx";

/** The address of a list of episodes. */
export function episodesHref(key: string, query: Query = {}): string {
  return link(["evaluation", key, "episodes"], query);
}

/** Where a value lies in a measure's range, in per cent of its width. */
function placeOf(value: number, { range: [least, most] }: Measure): number {
  return Math.max(0, Math.min(100, (100 * (value - least)) / (most - least)));
}

/** A value with its interval, in figures and drawn to the scale of its range. */
function EstimateView(props: { readonly estimate: Estimate | undefined; readonly measure: Measure }) {
  const { estimate, measure } = props;
  if (estimate === undefined) return <>–</>;
  const [first, ...interval] = estimateText(estimate, measure).split(" ");
  return (
    <>
      <b>{first}</b> <span class="soft">{interval.join(" ")}</span>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <path class="scale" d="M0 4H100" />
        <path class="range" d={`M${placeOf(estimate.low, measure)} 4H${placeOf(estimate.high, measure)}`} />
        <path class="value" d={`M${placeOf(estimate.value, measure)} 0V8`} />
      </svg>
    </>
  );
}

/** A mean, in figures and as a bar. */
function BarView({ value, measure }: { readonly value: number | undefined; readonly measure: Measure }) {
  return (
    <>
      {scoreText(value, measure)}
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <path class="scale" d="M0 4H100" />
        <path class="value-bar" d={`M0 4H${value === undefined ? 0 : placeOf(value, measure)}`} />
      </svg>
    </>
  );
}

function percent(value: number | undefined): string {
  if (value === undefined) return "";
  return Number.isNaN(value) ? "–" : `${oneDigit(100 * value)} %`;
}

/** An evaluation whose numbers are shown: its name in addresses, and what it came to. */
interface Summed {
  readonly key: string;
  readonly summary: EvaluationSummary;
}

/** A suite in a table of rates, or the held-out score, of which there is no more than that. */
interface RateRow extends Pick<SuiteSummary, "suite" | "scores"> {
  readonly href?: string;
  readonly tasks?: number;
  readonly behaviour?: SuiteSummary["behaviour"];
}

/** The rates of suites that are measured alike, with the held-out score below those that it is over. */
export function Rates({ view, suites }: { readonly view: Summed; readonly suites: readonly SuiteSummary[] }) {
  const { key, summary } = view;
  const { heldOut } = summary;
  const isHeldOut = summary.suites.length > 1 && suites.some(({ suite }) => heldOut?.suites.includes(suite));
  const missing = heldOut?.missing ?? [];
  const heldOutName = missing.length === 0 ? "held-out" : `held-out without ${missing.join(", ")}`;
  const rows: readonly RateRow[] = [
    ...suites.map((each) => ({ ...each, href: episodesHref(key, { suite: each.suite }) })),
    ...(isHeldOut && heldOut !== undefined ? [{ suite: heldOutName, scores: heldOut.scores }] : []),
  ];
  const turns = (value = Number.NaN): string => (Number.isNaN(value) ? "–" : oneDigit(value));
  return (
    <Table
      rows={rows}
      columns={[
        { head: "suite", kind: "name", cell: ({ suite, href }) => <Line text={suite} href={href} /> },
        { head: "tasks", kind: "num", cell: ({ tasks }) => (tasks === undefined ? "" : wholeNumber(tasks)) },
        ...(suites[0]?.measures ?? []).map((measure) => ({
          head: `${measureTitle(measure)} (95 %)`,
          kind: "num estimate",
          cell: ({ scores }: RateRow) => <EstimateView estimate={scores[measure.name]} measure={measure} />,
        })),
        { head: "grounding", kind: "num", cell: ({ behaviour }) => percent(behaviour?.grounding) },
        { head: "turns", kind: "num", cell: ({ behaviour }) => behaviour && turns(behaviour.turns) },
        { head: "malformed", kind: "num", cell: ({ behaviour }) => percent(behaviour?.formatErrors) },
        { head: "repeated", kind: "num", cell: ({ behaviour }) => percent(behaviour?.repeatedActions) },
      ]}
    />
  );
}

/** How the episodes of each suite ended, with the way to them. */
export function Endings({ view: { key, summary } }: { readonly view: Summed }) {
  const shown = ENDINGS.filter((ending) => summary.suites.some(({ endings }) => endings[ending] > 0));
  return (
    <section>
      <h2>How episodes ended</h2>
      <Table
        class="narrow"
        rows={summary.suites}
        columns={[
          { head: "suite", kind: "name", cell: ({ suite }) => <Line text={suite} /> },
          ...shown.map((ending) => ({
            head: ending,
            kind: "num",
            cell: ({ suite, endings }: SuiteSummary) =>
              endings[ending] === 0 ? (
                "0"
              ) : (
                <a href={episodesHref(key, { suite, ending })}>{wholeNumber(endings[ending])}</a>
              ),
          })),
        ]}
      />
    </section>
  );
}

/** What was achieved in parts of a suite. */
export function Groups(props: {
  readonly title: string;
  readonly rows: SuiteSummary["groups"];
  readonly measures: readonly Measure[];
  readonly href?: (group: string) => string;
}) {
  const { title, rows, measures, href } = props;
  const entries = Object.entries(rows).map(([name, group]) => ({ name, ...group }));
  if (entries.length === 0) return null;
  return (
    <Table
      class="narrow"
      rows={entries}
      columns={[
        { head: title, kind: "name", cell: ({ name }) => <Line text={name} href={href?.(name)} /> },
        { head: "episodes", kind: "num", cell: ({ episodes }) => wholeNumber(episodes) },
        ...measures.map((measure) => ({
          head: measureTitle(measure),
          kind: "num bar-cell",
          cell: ({ scores }: SuiteSummary["groups"][string]) => (
            <BarView value={scores[measure.name]} measure={measure} />
          ),
        })),
      ]}
    />
  );
}
