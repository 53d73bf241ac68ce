import type { Child } from "hono/jsx";
import { THUMBS, type Thumbs } from "../../annotation/verdict.ts";
import { wholeNumber } from "../../numbers.ts";
import { Line } from "./text.tsx";

/** A field of a filter with what can be chosen for it. */
export function Choice(props: {
  readonly name: string;
  readonly label?: string;
  readonly value: string | undefined;
  readonly values: readonly string[];
  /** What stands for no choice. */
  readonly none?: string;
}) {
  const { name, label = name, value, values, none = "any" } = props;
  return (
    <label>
      {label}{" "}
      <select name={name}>
        <option value="">{none}</option>
        {values.map((each) => (
          <option value={each} selected={each === value}>
            <Line text={each} />
          </option>
        ))}
      </select>
    </label>
  );
}

/** A form by which a list is filtered, with the way back to all of it. What is chosen goes into the address. */
export function Filters(props: {
  readonly action: string;
  readonly filter: {
    readonly q: string | undefined;
    readonly sort?: string | undefined;
    readonly tag?: string | undefined;
    readonly thumbs?: Thumbs | undefined;
  };
  /** What is searched. */
  readonly searched: string;
  /** The tags that are in use, and whether thumbs are. */
  readonly tags?: readonly string[];
  readonly hasThumbs?: boolean;
  readonly children?: Child;
}) {
  const { action, filter, searched, tags = [], hasThumbs = false } = props;
  const { q, sort, tag, thumbs } = filter;
  // A tag that is asked for and that nobody gives any more stays in sight.
  const shownTags = !tag || tags.includes(tag) ? tags : [tag, ...tags];
  return (
    <form class="filters" action={action} method="get">
      <label class="wide">
        search
        <input type="search" name="q" value={q ?? ""} placeholder={searched} data-search />
      </label>
      {props.children}
      {shownTags.length === 0 ? null : <Choice name="tag" value={tag} values={shownTags} />}
      {thumbs || hasThumbs ? <Choice name="thumbs" value={thumbs} values={THUMBS} /> : null}
      {sort === undefined ? null : <input type="hidden" name="sort" value={sort} />}
      <button type="submit">show</button>
      <a href={action}>all</a>
    </form>
  );
}

/** Which part of a long list is shown, with the way to the others. */
export function Pager(props: {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  /** Such as `personas`. */
  readonly things: string;
  readonly href: (page: number) => string;
}) {
  const { page, size, total, things, href } = props;
  const last = Math.max(1, Math.ceil(total / size));
  const from = wholeNumber(Math.min(total, (page - 1) * size + 1));
  const to = wholeNumber(Math.min(total, page * size));
  const ways = [
    ...(page > 1
      ? [
          { name: "first", to: 1 },
          { name: "previous", to: page - 1, rel: "prev" },
        ]
      : []),
    ...(page < last
      ? [
          { name: "next", to: page + 1, rel: "next" },
          { name: "last", to: last },
        ]
      : []),
  ];
  return (
    <nav class="pager" aria-label={`pages of ${things}`}>
      <span class="count">
        {total === 0 ? `no ${things}` : `${from}–${to} of ${wholeNumber(total)} ${things}`}
      </span>
      {ways.map((way) => (
        <a href={href(way.to)} rel={way.rel}>
          {way.name}
        </a>
      ))}
    </nav>
  );
}

/** A column of a table. */
export interface Column<Row> {
  readonly head: Child;
  readonly cell: (row: Row) => Child;
  /** The class of its cells; `num` and what begins so are numbers, `name` is what the row is about. */
  readonly kind?: string;
  /** What an order by it is called in addresses. */
  readonly sort?: string | undefined;
}

/** The order of a list, and its address in another one. */
interface Order {
  readonly sort: string | undefined;
  readonly href: (sort: string) => string;
}

/** The head of a column, by which a list can be ordered. */
function Head({ column, order }: { readonly column: Column<never>; readonly order: Order | undefined }) {
  const { head, kind, sort } = column;
  const side = kind?.startsWith("num") ? "num" : undefined;
  if (sort === undefined || order === undefined) return <th class={side}>{head}</th>;
  const [isRising, isFalling] = [order.sort === sort, order.sort === `-${sort}`];
  return (
    <th class={side} aria-sort={isRising ? "ascending" : isFalling ? "descending" : undefined}>
      {/* Numbers are looked for from the largest down; a second click turns the order round. */}
      <a href={order.href(isFalling ? sort : `-${sort}`)}>{head}</a>
      {isRising || isFalling ? <span aria-hidden="true">{isFalling ? " ↓" : " ↑"}</span> : null}
    </th>
  );
}

/** Rows under the heads of their columns; what is wider than the page is scrolled by itself, by keys too. */
export function Table<Row>(props: {
  readonly columns: readonly (Column<Row> | undefined)[];
  readonly rows: readonly Row[];
  readonly order?: Order;
  readonly class?: string;
  /** Whether keys step from row to row. */
  readonly isStepped?: boolean;
}) {
  const { rows, order, isStepped } = props;
  const columns = props.columns.filter((column) => column !== undefined);
  return (
    <div class="scroll" tabindex={0}>
      <table class={props.class}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head column={column} order={order} />
            ))}
          </tr>
        </thead>
        <tbody data-steps={isStepped}>
          {rows.map((row) => (
            <tr>
              {columns.map(({ cell, kind }) =>
                kind === "name" ? <th scope="row">{cell(row)}</th> : <td class={kind}>{cell(row)}</td>,
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
