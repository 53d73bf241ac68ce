import { ENDINGS } from "../agent/agent.ts";
import { THUMBS } from "../annotation/verdict.ts";
import type { Measure } from "../environment/suite.ts";
import type { IndexedEpisode } from "../evaluation/indexed-evaluation.ts";
import {
  type Given,
  hasWords,
  inOrder,
  oneOf,
  orderOf,
  rowsOf,
  type Values,
  wholeFrom1,
} from "./list-filter.ts";
import { isSaid, type SaidInList } from "./run-filter.ts";

/** Rows of one page of a list of episodes, and of tasks below their grid. */
export const EPISODES_A_PAGE = 50;
export const TASKS_A_PAGE = 100;

/** An episode of a list, with the measures of its suite and what is said of it. */
export interface EpisodeRow {
  readonly episode: IndexedEpisode;
  readonly measures: readonly Measure[];
  readonly said: SaidInList;
}

function score({ episode: { result }, measures }: EpisodeRow, place: number): number {
  const measure = measures.at(place);
  return measure === undefined ? 0 : (result.scores[measure.name] ?? measure.range[0]);
}

/** By what episodes can be ordered. */
export const EPISODE_VALUES: Values<EpisodeRow> = {
  number: ({ episode }) => episode.number,
  first: (row) => score(row, 0),
  last: (row) => score(row, -1),
  turns: ({ episode: { result } }) => result.turns,
  malformed: ({ episode: { result } }) => result.formatErrors,
  irregular: ({ episode: { result } }) => result.irregularTurns,
  repeated: ({ episode: { result } }) => result.repeatedActions,
  tokens: ({ episode: { result } }) => result.usage.promptTokens + result.usage.completionTokens,
  cost: ({ episode: { result } }) => result.cost ?? -1,
};

/** What an episode can have at least one turn of. */
export const TURN_KINDS = ["malformed", "irregular", "repeated", "not understood", "shortened"] as const;

/** How many turns of a kind an episode has. */
function turnsOf({ result }: IndexedEpisode, kind: (typeof TURN_KINDS)[number]): number {
  const { turns, validActions, formatErrors, irregularTurns, repeatedActions, shortenedTurns } = result;
  const counts = {
    malformed: formatErrors,
    irregular: irregularTurns,
    repeated: repeatedActions,
    "not understood": turns - validActions - formatErrors,
    shortened: shortenedTurns,
  };
  return counts[kind];
}

/** The filter that an address asks for; what it does not understand is left out. */
export function readEpisodeFilter(given: Given) {
  const { q, suite, group, tag, sort, page } = given;
  return {
    /** Words that the task, its group or the reason of its ending must have. */
    q,
    suite,
    group,
    ending: oneOf(ENDINGS, given.ending),
    having: oneOf(TURN_KINDS, given.having),
    /** What anybody says of the episode. */
    tag,
    thumbs: oneOf(THUMBS, given.thumbs),
    sort: orderOf(EPISODE_VALUES, sort),
    page: wholeFrom1(page),
  };
}

/** What a list of episodes shows; what is not given leaves nothing out. */
export type EpisodeFilter = Readonly<ReturnType<typeof readEpisodeFilter>>;

function matches({ episode, said }: EpisodeRow, filter: EpisodeFilter): boolean {
  const { q, suite, group, ending, having } = filter;
  const { result } = episode;
  if (suite && result.suite !== suite) return false;
  if (group && result.group !== group) return false;
  if (ending && result.ending !== ending) return false;
  if (having && turnsOf(episode, having) === 0) return false;
  if (!isSaid(said, filter)) return false;
  return !q || hasWords(`${result.suite}/${result.task} ${result.group} ${result.reason ?? ""}`, q);
}

/** The episodes that a filter lets through, in its order; those that are equal stay in the order of their numbers. */
export function filterEpisodes(rows: readonly EpisodeRow[], filter: EpisodeFilter): readonly EpisodeRow[] {
  return inOrder(
    rows.filter((row) => matches(row, filter)),
    EPISODE_VALUES,
    filter.sort,
  );
}

/** The part of a list that a page shows. */
export function episodeListPart(rows: readonly EpisodeRow[], filter: EpisodeFilter) {
  const all = filterEpisodes(rows, filter);
  const results = rows.map(({ episode }) => episode.result);
  const ofSuite = results.filter(({ suite }) => !filter.suite || suite === filter.suite);
  return {
    filter,
    rows: rowsOf(all, filter.page, EPISODES_A_PAGE),
    /** How many there are on all pages. */
    total: all.length,
    groups: [...new Set(ofSuite.map(({ group }) => group))].sort(),
  };
}

/** Which tasks of a grid are listed; all when none of these is asked for. */
export const TASKS_SHOWN = ["flipped", "won", "lost"] as const;

/** What of a grid an address asks for. */
export function readTaskFilter({ suite, show, page }: Given) {
  return { suite, show: oneOf(TASKS_SHOWN, show), page: wholeFrom1(page) };
}

/** What of a grid is shown. */
export type TaskFilter = Readonly<ReturnType<typeof readTaskFilter>>;
