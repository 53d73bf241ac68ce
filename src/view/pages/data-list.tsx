import { counted, wholeNumber } from "../../numbers.ts";
import { link } from "../link.ts";
import { type Given, hasWords, rowsOf, wholeFrom1 } from "../list-filter.ts";
import { Layout } from "../parts/layout.tsx";
import { Filters, Pager, Table } from "../parts/list.tsx";
import { Line } from "../parts/text.tsx";
import type { DataListView, ListedRow } from "../read-data.ts";

/** Rows of one page. */
const ROWS_A_PAGE = 50;

/** The part of a list of rows that its page shows: pure, so that a browser with the rows alone does the same. */
export function dataListPart(all: readonly ListedRow[], { q = "", page }: Given) {
  const matching = all.filter(({ id, about = "", problem = "" }) => hasWords(`${id} ${about} ${problem}`, q));
  const filter = { q, page: wholeFrom1(page) };
  return { filter, rows: rowsOf(matching, filter.page, ROWS_A_PAGE), total: matching.length };
}

/** The rows of a data file. */
export function DataListPage({ view }: { readonly view: DataListView }) {
  const { key, shown, filter, rows, total, all, unusable, isWhole } = view;
  return (
    <Layout title={[filter.q, counted(all, "row"), shown]} crumbs={[{ text: shown }]}>
      <h1>
        {counted(all, "row")}
        {isWhole ? "" : " and more"}
      </h1>
      {unusable === 0 ? null : <p class="problem">{counted(unusable, "row")} cannot be shown</p>}
      <Filters action={link(["data", key])} filter={filter} searched="in ids and goals" />
      <Pager
        page={filter.page}
        size={ROWS_A_PAGE}
        total={total}
        things="rows"
        href={(page) => link(["data", key], { ...filter, page })}
      />
      <Table
        rows={rows}
        isStepped
        columns={[
          {
            head: "id",
            kind: "id",
            cell: ({ id, place }) => <Line text={id} href={link(["data", key, String(place + 1)])} />,
          },
          {
            head: "about",
            cell: ({ about, problem = "" }) => (
              <span class={about === undefined ? "problem" : "persona"}>
                <Line text={about ?? problem} />
              </span>
            ),
          },
          {
            head: "messages",
            kind: "num",
            cell: ({ turns, problem }) => (problem ? "" : wholeNumber(turns)),
          },
          {
            head: "without loss",
            kind: "num",
            cell: ({ untrained, problem }) => (problem ? "" : wholeNumber(untrained)),
          },
        ]}
      />
    </Layout>
  );
}
