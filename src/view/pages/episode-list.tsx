import type { Measure } from "../../environment/suite.ts";
import { ENDINGS, type EpisodeEnding } from "../../evaluation/endings.ts";
import { dollars, shortNumber, wholeNumber } from "../../numbers.ts";
import { isShare, scoreText } from "../../report/score-text.ts";
import {
  EPISODES_A_PAGE,
  type EpisodeListPart,
  type EpisodeRow,
  episodeQuery,
  TURN_KINDS,
} from "../evaluation-filter.ts";
import { link, type Query } from "../link.ts";
import { SaidChips } from "../parts/annotations.tsx";
import { Badge } from "../parts/badge.tsx";
import { Choice, SaidChoices, SortHead } from "../parts/filters.tsx";
import { Layout } from "../parts/layout.tsx";
import { Pager } from "../parts/pager.tsx";
import { episodesHref } from "../parts/rates.tsx";
import { Line, Problems } from "../parts/text.tsx";
import { TurnStrip } from "../parts/turn-strip.tsx";

/** The episodes of an evaluation, as a page shows them. */
export interface EpisodeListView extends EpisodeListPart {
  readonly key: string;
  readonly shown: string;
  readonly suites: readonly string[];
  readonly hasCost: boolean;
  /** The tags that are in use in the evaluation, and whether thumbs are. */
  readonly tags: readonly string[];
  readonly hasThumbs: boolean;
  readonly damage: readonly string[];
}

/** How an episode ended. */
export function EndingBadge({ ending }: { readonly ending: EpisodeEnding }) {
  const isBroken = ending === "model-failed" || ending === "world-failed";
  return <Badge tone={ending === "success" ? "good" : isBroken ? "bad" : "plain"} text={ending} />;
}

/** The name of an episode's task, with its attempt where it is not the first. */
export function taskName({ task, attempt }: { readonly task: string; readonly attempt: number }): string {
  return attempt === 0 ? task : `${task} (attempt ${attempt + 1})`;
}

/** A value of a measure with its unit. */
export function valueText(value: number | undefined, measure: Measure): string {
  const text = scoreText(value, measure);
  return value !== undefined && isShare(measure) ? `${text} %` : text;
}

function Filters({ view }: { readonly view: EpisodeListView }) {
  const { key, filter, suites, groups, tags, hasThumbs } = view;
  const { sort } = episodeQuery(filter);
  return (
    <form class="filters" action={episodesHref(key)} method="get">
      <label class="search">
        search{" "}
        <input
          type="search"
          name="q"
          value={filter.text ?? ""}
          placeholder="task, group, reason"
          data-search
        />
      </label>
      {suites.length < 2 ? null : <Choice name="suite" label="suite" value={filter.suite} values={suites} />}
      {groups.length < 2 ? null : <Choice name="group" label="group" value={filter.group} values={groups} />}
      <Choice name="ending" label="ending" value={filter.ending} values={ENDINGS} />
      <Choice name="having" label="with turns that are" value={filter.having} values={TURN_KINDS} />
      <SaidChoices filter={filter} tags={tags} hasThumbs={hasThumbs} />
      {sort === undefined ? null : <input type="hidden" name="sort" value={sort} />}
      <button type="submit">filter</button>
      <a href={episodesHref(key)}>all</a>
    </form>
  );
}

/** The address of an episode; of the list that leads to it, its filter stays. */
export function episodeHref(key: string, number: number, query: Query = {}): string {
  return link(["evaluation", key, "episodes", String(number)], query);
}

function Row({ view, row }: { readonly view: EpisodeListView; readonly row: EpisodeRow }) {
  const { key, filter, hasCost } = view;
  const { episode, measures, said } = row;
  const { number, result, marks } = episode;
  const href = episodeHref(key, number, episodeQuery(filter, { page: undefined }));
  const [first] = measures;
  const last = measures.length > 1 ? measures.at(-1) : undefined;
  const tokens = result.usage.promptTokens + result.usage.completionTokens;
  return (
    <tr>
      <td class="num">{wholeNumber(number)}</td>
      <td>
        <a href={href}>
          <Line text={`${result.suite}: ${taskName(result)}`} />
        </a>
        <div class="soft small">
          <Line text={result.group} />
        </div>
        <SaidChips said={said} />
      </td>
      <td>
        <EndingBadge ending={result.ending} />
        {result.reason === null ? null : (
          <div class="soft small clamp">
            <Line text={result.reason} />
          </div>
        )}
      </td>
      <td class="num">{first === undefined ? "–" : valueText(result.scores[first.name], first)}</td>
      <td class="num">{last === undefined ? "" : valueText(result.scores[last.name], last)}</td>
      <td>
        <TurnStrip marks={marks} />
      </td>
      <td class="num">{wholeNumber(result.turns)}</td>
      <td class="num">{wholeNumber(result.formatErrors)}</td>
      <td class="num">{wholeNumber(result.repeatedActions)}</td>
      <td class="num">{tokens === 0 ? "" : shortNumber(tokens)}</td>
      {hasCost ? <td class="num">{result.cost === null ? "?" : dollars(result.cost)}</td> : null}
    </tr>
  );
}

/** What stands above the columns of measures: their names where all rows have the same. */
function measureHeads(rows: readonly EpisodeRow[]): readonly [string, string] {
  const names = (place: number): readonly string[] => [
    ...new Set(
      rows.flatMap(({ measures }) =>
        place < 0 && measures.length < 2 ? [] : (measures.at(place)?.name ?? []),
      ),
    ),
  ];
  const [first, last] = [names(0), names(-1)];
  return [
    first.length === 1 ? (first[0] ?? "") : "score",
    last.length === 1 ? (last[0] ?? "") : last.length === 0 ? "" : "last",
  ];
}

/** The episodes of an evaluation with filters and order, all of it in the address. */
export function EpisodeListPage({ view }: { readonly view: EpisodeListView }) {
  const head = {
    now: view.filter,
    href: (sort: string) => episodesHref(view.key, episodeQuery(view.filter, { sort, page: undefined })),
  };
  const { key, shown, filter, rows, total, hasCost, damage } = view;
  const [first, last] = measureHeads(rows);
  return (
    <Layout
      title={[view.filter.text, "episodes", shown]}
      crumbs={[{ text: shown, href: link(["evaluation", key]) }, { text: "episodes" }]}
      events={link(["evaluation", key, "events"])}
    >
      <h1>Episodes</h1>
      <Filters view={view} />
      <Problems lines={damage} />
      <div id="rows" data-live>
        <Pager
          page={filter.page}
          size={EPISODES_A_PAGE}
          total={total}
          things="episodes"
          href={(page) => episodesHref(key, episodeQuery(filter, { page }))}
        />
        <div class="scroll" tabindex={0}>
          <table>
            <thead>
              <tr>
                <SortHead {...head} sort="number" text="no." />
                <th>task</th>
                <th>ending</th>
                <SortHead {...head} sort="first" text={first} />
                {last === "" ? <th /> : <SortHead {...head} sort="last" text={last} />}
                <th>turns, marked</th>
                <SortHead {...head} sort="turns" text="turns" />
                <SortHead {...head} sort="malformed" text="malformed" />
                <SortHead {...head} sort="repeated" text="repeated" />
                <SortHead {...head} sort="tokens" text="tokens" />
                {hasCost ? <SortHead {...head} sort="cost" text="cost" /> : null}
              </tr>
            </thead>
            <tbody data-steps>
              {rows.map((row) => (
                <Row view={view} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Layout>
  );
}
