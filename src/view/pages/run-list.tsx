import { dollars, wholeNumber } from "../../numbers.ts";
import type { IndexedPersona } from "../../synthesis/run-index.ts";
import { link } from "../link.ts";
import { SaidChips } from "../parts/annotations.tsx";
import { OutcomeBadge, Strip } from "../parts/badge.tsx";
import { Choice, SaidChoices, SortHead } from "../parts/filters.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/pager.tsx";
import { Line, Problems } from "../parts/text.tsx";
import { filterQuery, PAGE_SIZE, type RunFilter, rangeText } from "../run-filter.ts";
import type { SaidInList } from "../run-list.ts";

/** The list of a run's personas, as a page shows it. */
export interface RunListView {
  /** The run's name in addresses, and as it is shown. */
  readonly key: string;
  readonly shown: string;
  readonly filter: RunFilter;
  /** The rows of this page, and how many there are on all pages. */
  readonly rows: readonly IndexedPersona[];
  readonly total: number;
  /** How many there are without a filter. */
  readonly ended: number;
  /** The codes of faults that were met, for choosing. */
  readonly faults: readonly string[];
  /** Who wrote it, where several models did. */
  readonly writers: readonly string[];
  /** What is said of these rows, by their ids, the tags that are in use in the run, and whether thumbs are. */
  readonly said: Readonly<Record<string, SaidInList>>;
  readonly tags: readonly string[];
  readonly hasThumbs: boolean;
  readonly damage: readonly string[];
}

/** The address of a list. */
function listHref({ key, filter }: Pick<RunListView, "key" | "filter">, changes = {}): string {
  return link(["run", key, "list"], filterQuery(filter, changes));
}

function Bounds({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  return (
    <label>
      {name}
      <input
        name={name}
        value={value}
        size={5}
        placeholder="any"
        pattern="\s*(\d+|\d+-\d*|-\d+)\s*"
        title="a number, or from-to, such as 3, 2-5 or 4-"
      />
    </label>
  );
}

function Filters({ view }: { readonly view: RunListView }) {
  const { filter, faults, writers, tags, hasThumbs } = view;
  const { text, persona, outcome, fault, writer, calls, errors, turns } = filter;
  const { sort } = filterQuery(filter);
  return (
    <form class="filters" action={link(["run", view.key, "list"])} method="get">
      <label class="wide">
        search
        <input type="search" name="q" value={text} placeholder="in personas, goals and turns" data-search />
      </label>
      <label>
        persona
        <input name="persona" value={persona} placeholder="words" size={12} />
      </label>
      <Choice name="outcome" label="outcome" value={outcome} values={["accepted", "rejected", "failed"]} />
      <Choice name="fault" label="fault" value={fault} values={faults} />
      {writers.length === 0 ? null : <Choice name="writer" label="writer" value={writer} values={writers} />}
      <Bounds name="calls" value={rangeText(calls)} />
      <Bounds name="errors" value={rangeText(errors)} />
      <Bounds name="turns" value={rangeText(turns)} />
      <SaidChoices filter={filter} tags={tags} hasThumbs={hasThumbs} />
      {sort === undefined ? null : <input type="hidden" name="sort" value={String(sort)} />}
      <button type="submit">show</button>
      <a href={link(["run", view.key, "list"])}>all</a>
    </form>
  );
}

function Row({ entry, view }: { readonly entry: IndexedPersona; readonly view: RunListView }) {
  const { id, persona, goal, writers, marks, turns, errors, calls, faults, outcome, bought } = entry;
  const last = faults.at(-1);
  return (
    <tr>
      <td class="id">
        <a href={link(["run", view.key, id], filterQuery(view.filter, { page: undefined }))}>
          {id.slice(0, 8)}
        </a>
      </td>
      <td>
        <span class="persona">
          <Line text={persona} />
        </span>
        <small class="soft clamp">
          <Line text={goal ?? ""} />
        </small>
        <Strip marks={marks} />
        <SaidChips said={view.said[id]} />
      </td>
      {view.writers.length === 0 ? null : (
        <td>
          <Line text={writers ?? ""} />
        </td>
      )}
      <td class="num">{wholeNumber(turns)}</td>
      <td class="num">{wholeNumber(errors)}</td>
      <td class="num">{wholeNumber(calls)}</td>
      <td class="num">{bought.cost === null || bought.cost === 0 ? "" : dollars(bought.cost)}</td>
      <td>
        <OutcomeBadge outcome={outcome} />
        {outcome === "accepted" || last === undefined ? null : (
          <small class="soft">
            <Line text={last} />
          </small>
        )}
      </td>
    </tr>
  );
}

function RunTable({ view }: { readonly view: RunListView }) {
  const head = {
    now: view.filter,
    href: (sort: string) => listHref(view, { sort, page: undefined }),
  };
  const { rows, total, filter } = view;
  return (
    <>
      <Pager
        page={filter.page}
        size={PAGE_SIZE}
        total={total}
        things="personas"
        href={(page) => listHref(view, { page })}
      />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>id</th>
              <th>persona and goal</th>
              {view.writers.length === 0 ? null : <th>writer</th>}
              <SortHead {...head} sort="turns" text="turns" />
              <SortHead {...head} sort="errors" text="errors" />
              <SortHead {...head} sort="calls" text="calls" />
              <SortHead {...head} sort="cost" text="cost" />
              <th>outcome</th>
            </tr>
          </thead>
          <tbody data-steps>
            {rows.map((entry) => (
              <Row entry={entry} view={view} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The list of a run's personas, with search, filters and order, all of it in the address. */
export function RunListPage({ view }: { readonly view: RunListView }) {
  const { shown, damage } = view;
  return (
    <Layout
      title={[view.filter.text, "personas", shown]}
      crumbs={[{ text: shown, href: link(["run", view.key]) }, { text: "personas" }]}
      events={link(["run", view.key, "events"])}
    >
      <h1>Personas</h1>
      <Filters view={view} />
      <Problems lines={damage} />
      <div id="live" data-live>
        <RunTable view={view} />
      </div>
    </Layout>
  );
}
