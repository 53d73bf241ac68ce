import { ENDINGS } from "../../agent/agent.ts";
import type { Measure } from "../../environment/suite.ts";
import { dollars, shortNumber, wholeNumber } from "../../numbers.ts";
import { isShare, scoreText } from "../../report/score-text.ts";
import { EPISODES_A_PAGE, type EpisodeRow, TURN_KINDS } from "../evaluation-filter.ts";
import { link, type Query } from "../link.ts";
import { SaidChips } from "../parts/annotations.tsx";
import { Badge, Strip } from "../parts/badge.tsx";
import { Layout } from "../parts/layout.tsx";
import { Choice, type Column, Filters, Pager, Table } from "../parts/list.tsx";
import { episodesHref } from "../parts/rates.tsx";
import { Line, Problems } from "../parts/text.tsx";
import type { EpisodeListView } from "../read-evaluation.ts";

/** The name of an episode's task, with its attempt where it is not the first. */
export function taskName({ task, attempt }: { readonly task: string; readonly attempt: number }): string {
  return attempt === 0 ? task : `${task} (attempt ${attempt + 1})`;
}

/** A value of a measure with its unit. */
export function valueText(value: number | undefined, measure: Measure): string {
  const text = scoreText(value, measure);
  return value !== undefined && isShare(measure) ? `${text} %` : text;
}

/** The address of an episode; of the list that leads to it, its filter stays. */
export function episodeHref(key: string, number: number, query: Query = {}): string {
  return link(["evaluation", key, "episodes", String(number)], query);
}

function EpisodeFilters({ view }: { readonly view: EpisodeListView }) {
  const { key, filter, suites, groups, tags, hasThumbs } = view;
  return (
    <Filters
      action={episodesHref(key)}
      filter={filter}
      searched="task, group, reason"
      tags={tags}
      hasThumbs={hasThumbs}
    >
      {suites.length < 2 ? null : <Choice name="suite" value={filter.suite} values={suites} />}
      {groups.length < 2 ? null : <Choice name="group" value={filter.group} values={groups} />}
      <Choice name="ending" value={filter.ending} values={ENDINGS} />
      <Choice name="having" label="with turns that are" value={filter.having} values={TURN_KINDS} />
    </Filters>
  );
}

/** A column of measures, the first or the last ones: under their name where all rows have the same. */
function measureColumn(rows: readonly EpisodeRow[], sort: "first" | "last"): Column<EpisodeRow> | undefined {
  const measureOf = ({ measures }: EpisodeRow): Measure | undefined =>
    sort === "first" ? measures[0] : measures.slice(1).at(-1);
  const names = [...new Set(rows.flatMap((row) => measureOf(row)?.name ?? []))];
  if (sort === "last" && names.length === 0) return undefined;
  return {
    head: names.length === 1 ? names[0] : sort === "first" ? "score" : "last",
    kind: "num",
    sort,
    cell: (row) => {
      const measure = measureOf(row);
      return measure === undefined ? "" : valueText(row.episode.result.scores[measure.name], measure);
    },
  };
}

function columnsOf({
  key,
  filter,
  rows,
  hasCost,
}: EpisodeListView): readonly (Column<EpisodeRow> | undefined)[] {
  const number = (
    name: string,
    count: (result: EpisodeRow["episode"]["result"]) => number,
  ): Column<EpisodeRow> => ({
    head: name,
    kind: "num",
    sort: name,
    cell: ({ episode: { result } }) => wholeNumber(count(result)),
  });
  return [
    { head: "no.", kind: "num", sort: "number", cell: ({ episode }) => wholeNumber(episode.number) },
    {
      head: "task",
      cell: ({ episode: { number: of, result }, said }) => (
        <>
          <Line
            text={`${result.suite}: ${taskName(result)}`}
            href={episodeHref(key, of, { ...filter, page: undefined })}
          />
          <div class="soft small">
            <Line text={result.group} />
          </div>
          <SaidChips said={said} />
        </>
      ),
    },
    {
      head: "ending",
      cell: ({ episode: { result } }) => (
        <>
          <Badge end={result.ending} />
          <div class="soft small clamp">
            <Line text={result.reason ?? ""} />
          </div>
        </>
      ),
    },
    measureColumn(rows, "first"),
    measureColumn(rows, "last"),
    { head: "turns, marked", cell: ({ episode: { marks } }) => <Strip marks={marks} isEpisode /> },
    number("turns", ({ turns }) => turns),
    number("malformed", ({ formatErrors }) => formatErrors),
    number("repeated", ({ repeatedActions }) => repeatedActions),
    {
      head: "tokens",
      kind: "num",
      sort: "tokens",
      cell: ({ episode: { result } }) => {
        const tokens = result.usage.promptTokens + result.usage.completionTokens;
        return tokens === 0 ? "" : shortNumber(tokens);
      },
    },
    hasCost
      ? {
          head: "cost",
          kind: "num",
          sort: "cost",
          cell: ({ episode: { result } }) => (result.cost === null ? "?" : dollars(result.cost)),
        }
      : undefined,
  ];
}

/** The episodes of an evaluation with filters and order, all of it in the address. */
export function EpisodeListPage({ view }: { readonly view: EpisodeListView }) {
  const { key, shown, filter, rows, total, damage } = view;
  const href = (changes: Query): string => episodesHref(key, { ...filter, ...changes });
  return (
    <Layout
      title={[filter.q, "episodes", shown]}
      crumbs={[{ text: shown, href: link(["evaluation", key]) }, { text: "episodes" }]}
      events={link(["evaluation", key, "events"])}
    >
      <h1>Episodes</h1>
      <EpisodeFilters view={view} />
      <Problems lines={damage} />
      <div id="rows" data-live>
        <Pager
          page={filter.page}
          size={EPISODES_A_PAGE}
          total={total}
          things="episodes"
          href={(page) => href({ page })}
        />
        <Table
          columns={columnsOf(view)}
          rows={rows}
          order={{ sort: filter.sort ?? "number", href: (sort) => href({ sort, page: 1 }) }}
          isStepped
        />
      </div>
    </Layout>
  );
}
