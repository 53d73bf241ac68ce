import { dollars, wholeNumber } from "../../numbers.ts";
import type { IndexedPersona } from "../../synthesis/record.ts";
import { link } from "../link.ts";
import { SaidChips } from "../parts/annotations.tsx";
import { Badge, Strip } from "../parts/badge.tsx";
import { Layout } from "../parts/layout.tsx";
import { Choice, type Column, Filters, Pager, Table } from "../parts/list.tsx";
import { Line, Problems } from "../parts/text.tsx";
import type { RunListView } from "../read-run.ts";
import { OUTCOMES, PERSONAS_A_PAGE } from "../run-filter.ts";

/** The address of a list. */
function listHref({ key, filter }: RunListView, changes: object): string {
  return link(["run", key, "list"], { ...filter, ...changes });
}

function RunFilters({
  view: { key, filter, faults, writers, tags, hasThumbs },
}: {
  readonly view: RunListView;
}) {
  const action = link(["run", key, "list"]);
  return (
    <Filters
      action={action}
      filter={filter}
      searched="in personas, goals and turns"
      tags={tags}
      hasThumbs={hasThumbs}
    >
      <label>
        persona
        <input name="persona" value={filter.persona} placeholder="words" size={12} />
      </label>
      <Choice name="outcome" value={filter.outcome} values={OUTCOMES} />
      <Choice name="fault" value={filter.fault} values={faults} />
      {writers.length === 0 ? null : <Choice name="writer" value={filter.writer} values={writers} />}
      {(["calls", "errors", "turns"] as const).map((name) => (
        <label>
          {name}
          <input
            name={name}
            value={filter[name]}
            size={5}
            placeholder="any"
            pattern="\s*(\d+|\d+-\d*|-\d+)\s*"
            title="a number, or from-to, such as 3, 2-5 or 4-"
          />
        </label>
      ))}
    </Filters>
  );
}

function columnsOf(view: RunListView): readonly (Column<IndexedPersona> | undefined)[] {
  const href = (id: string): string => link(["run", view.key, id], { ...view.filter, page: undefined });
  return [
    { head: "id", kind: "id", cell: ({ id }) => <a href={href(id)}>{id.slice(0, 8)}</a> },
    {
      head: "persona and goal",
      cell: ({ id, persona, goal, marks }) => (
        <>
          <span class="persona">
            <Line text={persona} />
          </span>
          <small class="soft clamp">
            <Line text={goal ?? ""} />
          </small>
          <Strip marks={marks} />
          <SaidChips said={view.said[id]} />
        </>
      ),
    },
    view.writers.length === 0
      ? undefined
      : { head: "writer", cell: ({ writers }) => <Line text={writers ?? ""} /> },
    { head: "turns", kind: "num", sort: "turns", cell: ({ turns }) => wholeNumber(turns) },
    { head: "errors", kind: "num", sort: "errors", cell: ({ errors }) => wholeNumber(errors) },
    { head: "calls", kind: "num", sort: "calls", cell: ({ calls }) => wholeNumber(calls) },
    { head: "cost", kind: "num", sort: "cost", cell: ({ bought: { cost } }) => (cost ? dollars(cost) : "") },
    {
      head: "outcome",
      cell: ({ outcome, faults }) => (
        <>
          <Badge end={outcome} />
          {outcome === "accepted" || faults.length === 0 ? null : (
            <small class="soft">
              <Line text={faults.at(-1) ?? ""} />
            </small>
          )}
        </>
      ),
    },
  ];
}

/** The list of a run's personas, with search, filters and order, all of it in the address. */
export function RunListPage({ view }: { readonly view: RunListView }) {
  const { key, shown, filter, rows, total, damage } = view;
  return (
    <Layout
      title={[filter.q, "personas", shown]}
      crumbs={[{ text: shown, href: link(["run", key]) }, { text: "personas" }]}
      events={link(["run", key, "events"])}
    >
      <h1>Personas</h1>
      <RunFilters view={view} />
      <Problems lines={damage} />
      <div id="live" data-live>
        <Pager
          page={filter.page}
          size={PERSONAS_A_PAGE}
          total={total}
          things="personas"
          href={(page) => listHref(view, { page })}
        />
        <Table
          columns={columnsOf(view)}
          rows={rows}
          order={{ sort: filter.sort, href: (sort) => listHref(view, { sort, page: 1 }) }}
          isStepped
        />
      </div>
    </Layout>
  );
}
