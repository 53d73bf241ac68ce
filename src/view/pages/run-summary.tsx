import { counted, share, wholeNumber } from "../../numbers.ts";
import { link } from "../link.ts";
import { Bars, ChartView, Figures } from "../parts/figures.tsx";
import { Layout } from "../parts/layout.tsx";
import { Table } from "../parts/list.tsx";
import { Line, Problems } from "../parts/text.tsx";
import type { RunSummaryView } from "../read-run-summary.ts";

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
      <Table
        rows={writers.flatMap(({ parts, ...writer }) => [writer, ...parts])}
        columns={[
          {
            head: "writer",
            cell: (row) => ("href" in row ? <Line text={row.label} href={row.href} /> : row.name),
          },
          { head: "ended", kind: "num", cell: (row) => ("href" in row ? row.ended : "") },
          { head: "accepted (95 %)", cell: (row) => ("href" in row ? row.acceptance : "") },
          { head: "output tokens each", kind: "num", cell: ({ outputEach }) => outputEach },
          { head: "cost each", kind: "num", cell: ({ costEach }) => costEach },
          { head: "faults", kind: "num", cell: (row) => ("href" in row ? row.faults : "") },
          {
            head: "mostly",
            kind: "words",
            cell: (row) => ("href" in row ? <Line text={row.faultKinds} /> : ""),
          },
        ]}
      />
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
        <div class="columns">
          {sections.map(({ title, note, bars }) => (
            <section>
              <h2>{title}</h2>
              {note === "" ? null : <p class="soft">{note}</p>}
              <Bars bars={bars} name={title} />
            </section>
          ))}
        </div>
        <Writers writers={writers} />
        <div class="columns">
          {charts.map((svg) => (
            <ChartView svg={svg} />
          ))}
        </div>
        {sizes.map((line) => (
          <p class="soft">{line}</p>
        ))}
        {isCounting ? <p class="soft">The rest is still being counted.</p> : null}
        <Goals view={view} />
      </div>
    </Layout>
  );
}
