import { counted, wholeNumber } from "../../numbers.ts";
import { link } from "../link.ts";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/pager.tsx";
import { Line } from "../parts/text.tsx";

/** Rows of one page. */
export const ROWS = 50;

/** A row of a data file in a list: what it is about, or why it cannot be shown. */
export type ListedRow =
  | {
      readonly place: number;
      readonly id: string;
      readonly about: string;
      readonly turns: number;
      /** Answers without loss. */
      readonly untrained: number;
      readonly problem?: undefined;
    }
  | { readonly place: number; readonly id: string; readonly about?: undefined; readonly problem: string };

/** A data file as its page shows it. */
export interface DataListView {
  readonly key: string;
  readonly shown: string;
  readonly text: string;
  readonly page: number;
  readonly rows: readonly ListedRow[];
  /** Rows that the search found, rows in all, and those that cannot be shown. */
  readonly total: number;
  readonly all: number;
  readonly unusable: number;
  /** Whether the file has no more rows than are listed. */
  readonly isWhole: boolean;
}

function Row({ view, row }: { readonly view: DataListView; readonly row: ListedRow }) {
  return (
    <tr>
      <td class="id">
        <a href={link(["data", view.key, String(row.place + 1)])}>
          <Line text={row.id} />
        </a>
      </td>
      {row.problem === undefined ? (
        <>
          <td>
            <span class="persona">
              <Line text={row.about} />
            </span>
          </td>
          <td class="num">{wholeNumber(row.turns)}</td>
          <td class="num">{wholeNumber(row.untrained)}</td>
        </>
      ) : (
        <td colspan={3} class="problem">
          <Line text={row.problem} />
        </td>
      )}
    </tr>
  );
}

/** The rows of a data file. */
export function DataListPage({ view }: { readonly view: DataListView }) {
  const { key, shown, text, page, rows, total, all, unusable, isWhole } = view;
  const href = (number: number): string =>
    link(["data", key], { q: text, page: number === 1 ? undefined : number });
  return (
    <Layout title={[text, counted(all, "row"), shown]} crumbs={[{ text: shown }]}>
      <h1>
        {counted(all, "row")}
        {isWhole ? "" : " and more"}
      </h1>
      {unusable === 0 ? null : <p class="problem">{counted(unusable, "row")} cannot be shown</p>}
      <form class="filters" action={link(["data", key])} method="get">
        <label class="wide">
          search
          <input type="search" name="q" value={text} placeholder="in ids and goals" data-search />
        </label>
        <button type="submit">show</button>
      </form>
      <Pager page={page} size={ROWS} total={total} things="rows" href={href} />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>id</th>
              <th>about</th>
              <th class="num">messages</th>
              <th class="num">without loss</th>
            </tr>
          </thead>
          <tbody data-steps>
            {rows.map((row) => (
              <Row view={view} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </Layout>
  );
}
