import { counted, share, wholeNumber } from "../../numbers.ts";
import type { NearGoals } from "../../report/run-statistics.ts";
import type { WriterRow } from "../../report/writer-rows.ts";
import { link } from "../link.ts";
import { ChartView, type DrawnChart } from "../parts/chart.tsx";
import { type Bar, Bars, Columns, type Figure, Figures } from "../parts/figures.tsx";
import { Layout } from "../parts/layout.tsx";
import { Line, Problems } from "../parts/text.tsx";

/** A part of the page: counts under a heading. */
export interface SummarySection {
  readonly title: string;
  readonly note?: string;
  readonly bars: readonly Bar[];
}

/** What a run is, as its page shows it. */
export interface RunSummaryView {
  readonly key: string;
  readonly shown: string;
  readonly model: string;
  readonly seed: number;
  /** ISO 8601. */
  readonly begun: string;
  /** Whether a process has the run now. */
  readonly isRunning: boolean;
  readonly personas: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly failed: number;
  readonly pending: number;
  /** Those of the pending that have calls. */
  readonly underWay: number;
  readonly figures: readonly Figure[];
  /** How old the prices are, when they are old. */
  readonly pricesNote: string;
  readonly sections: readonly SummarySection[];
  /** Those who wrote it, each with the address of what it wrote; none when it was one. */
  readonly writers: readonly (WriterRow & { readonly href: string })[];
  readonly charts: readonly DrawnChart[];
  /** Lengths and sizes in words. */
  readonly sizes: readonly string[];
  readonly nearDuplicates: number;
  readonly pairs: readonly NearGoals[];
  /** Whether a part of the page is still being counted. */
  readonly isCounting: boolean;
  readonly damage: readonly string[];
}

function State({ view }: { readonly view: RunSummaryView }) {
  const { model, seed, begun, isRunning, rejected, failed, pending, underWay } = view;
  const parts = [
    ...(rejected > 0 ? [`${wholeNumber(rejected)} rejected`] : []),
    ...(failed > 0 ? [`${wholeNumber(failed)} failed`] : []),
    ...(pending > 0
      ? [`${wholeNumber(pending)} pending${underWay > 0 ? `, ${wholeNumber(underWay)} begun` : ""}`]
      : []),
    model,
    `seed ${seed}`,
    `begun ${begun.slice(0, 16).replace("T", " ")}`,
  ];
  return (
    <p class="sub">
      {isRunning ? <span class="badge running">running</span> : null} <Line text={parts.join(" · ")} />
    </p>
  );
}

const WAYS = [
  ["all personas", {}],
  ["rejected", { outcome: "rejected" }],
  ["most errors first", { sort: "-errors" }],
  ["most calls first", { sort: "-calls" }],
  ["longest first", { sort: "-turns" }],
] as const;

function Goals({ view }: { readonly view: RunSummaryView }) {
  const { key, nearDuplicates, pairs } = view;
  if (nearDuplicates === 0) return null;
  return (
    <section>
      <h2>Goals nearly as an earlier one</h2>
      <p class="soft">{counted(nearDuplicates, "goal")} in all</p>
      <ul class="found">
        {pairs.map(({ id, nearId, goal }) => (
          <li>
            <Line text={goal} />
            <span>
              <a href={link(["run", key, id])}>{id.slice(0, 8)}</a> as{" "}
              <a href={link(["run", key, nearId])}>{nearId.slice(0, 8)}</a>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The writers of a run beside each other: the table that the end of the run prints. */
function Writers({ writers }: Pick<RunSummaryView, "writers">) {
  if (writers.length === 0) return null;
  return (
    <section>
      <h2>Writers</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>writer</th>
              <th class="num">ended</th>
              <th>accepted (95 %)</th>
              <th class="num">output tokens each</th>
              <th class="num">cost each</th>
              <th class="num">faults</th>
              <th>mostly</th>
            </tr>
          </thead>
          <tbody>
            {writers.map(({ label, href, ended, acceptance, outputEach, costEach, faults, ...rest }) => (
              <>
                <tr>
                  <th scope="row">
                    <a href={href}>
                      <Line text={label} />
                    </a>
                  </th>
                  <td class="num">{ended}</td>
                  <td>{acceptance}</td>
                  <td class="num">{outputEach}</td>
                  <td class="num">{costEach}</td>
                  <td class="num">{faults}</td>
                  <td class="words">
                    <Line text={rest.faultKinds} />
                  </td>
                </tr>
                {rest.parts.map((part) => (
                  <tr>
                    <td class="soft">{part.name}</td>
                    <td />
                    <td />
                    <td class="num soft">{part.outputEach}</td>
                    <td class="num soft">{part.costEach}</td>
                    <td />
                    <td />
                  </tr>
                ))}
              </>
            ))}
          </tbody>
        </table>
      </div>
      <p class="soft">Each: for one accepted, what was paid for the others included.</p>
    </section>
  );
}

/** What a run came to: the answer as the headline, then the counts, each of which leads to what it counts. */
export function RunSummaryPage({ view }: { readonly view: RunSummaryView }) {
  const { key, shown, accepted, personas, figures, sections, writers, charts, sizes } = view;
  const { isCounting, damage, pricesNote } = view;
  return (
    <Layout title={["run", shown]} crumbs={[{ text: shown }]} events={link(["run", key, "events"])}>
      <div id="live" data-live>
        <h1>
          {wholeNumber(accepted)} of {wholeNumber(personas)} accepted ({share(accepted, personas)})
        </h1>
        <State view={view} />
        <Problems lines={damage} />
        <Figures figures={figures} />
        {pricesNote === "" ? null : <p class="soft">{pricesNote}</p>}
        <nav class="ways" aria-label="lists">
          {WAYS.map(([text, query]) => (
            <a href={link(["run", key, "list"], query)}>{text}</a>
          ))}
          <a href={link(["run", key, "judgements"])}>can the labels be trusted?</a>
        </nav>
        <Columns>
          {sections.map(({ title, note, bars }) => (
            <section>
              <h2>{title}</h2>
              {note === undefined ? null : <p class="soft">{note}</p>}
              <Bars bars={bars} name={title} />
            </section>
          ))}
        </Columns>
        <Writers writers={writers} />
        <Columns>
          {charts.map((chart) => (
            <ChartView chart={chart} />
          ))}
        </Columns>
        {sizes.map((line) => (
          <p class="soft">{line}</p>
        ))}
        {isCounting ? <p class="soft">The rest is still being counted.</p> : null}
        <Goals view={view} />
      </div>
    </Layout>
  );
}
