import { THUMBS, type Thumbs } from "../annotation/verdict.ts";
import type { Measure } from "../environment/suite.ts";
import { ENDINGS, type EpisodeEnding } from "../evaluation/endings.ts";
import type { IndexedEpisode } from "../evaluation/indexed-evaluation.ts";
import { hasWords } from "./has-words.ts";
import { type Query, wholeFrom1 } from "./link.ts";
import type { SaidInList } from "./run-list.ts";

// What a list of episodes shows, and in which order: pure functions, all of it from and into an address.

/** By what episodes can be ordered. */
export const EPISODE_SORTS = [
  "number",
  "first",
  "last",
  "turns",
  "malformed",
  "irregular",
  "repeated",
  "tokens",
  "cost",
] as const;
export type EpisodeSort = (typeof EPISODE_SORTS)[number];

/** What an episode can have at least one turn of. */
export const TURN_KINDS = ["malformed", "irregular", "repeated", "not understood", "shortened"] as const;
export type TurnKind = (typeof TURN_KINDS)[number];

/** What a list of episodes shows; what is not given leaves nothing out. */
export interface EpisodeFilter {
  /** Words that the task, its group or the reason of its ending must have. */
  readonly text?: string;
  readonly suite?: string;
  readonly group?: string;
  readonly ending?: EpisodeEnding;
  readonly having?: TurnKind;
  /** What anybody says of the episode. */
  readonly tag?: string;
  readonly thumbs?: Thumbs;
  readonly sort: EpisodeSort;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
}

/** Rows of one page of a list. */
export const EPISODES_A_PAGE = 50;

type Given = Readonly<Record<string, string | undefined>>;

/** The filter that an address asks for; what it does not understand is left out. */
export function readEpisodeFilter(given: Given): EpisodeFilter {
  const { q, suite, group, tag, sort = "", page } = given;
  const ending = ENDINGS.find((each) => each === given.ending);
  const having = TURN_KINDS.find((each) => each === given.having);
  const thumbs = THUMBS.find((each) => each === given.thumbs);
  return {
    ...(q ? { text: q } : {}),
    ...(suite ? { suite } : {}),
    ...(group ? { group } : {}),
    ...(ending === undefined ? {} : { ending }),
    ...(having === undefined ? {} : { having }),
    ...(tag ? { tag } : {}),
    ...(thumbs === undefined ? {} : { thumbs }),
    sort: EPISODE_SORTS.find((each) => each === sort.replace(/^-/, "")) ?? "number",
    isDescending: sort.startsWith("-"),
    page: wholeFrom1(page),
  };
}

/** What of an address gives this filter; `changes` go over it. */
export function episodeQuery(filter: EpisodeFilter, changes: Query = {}): Query {
  const { text, suite, group, ending, having, tag, thumbs, sort, isDescending, page } = filter;
  return {
    ...{ q: text, suite, group, ending, having, tag, thumbs },
    sort: sort === "number" && !isDescending ? undefined : `${isDescending ? "-" : ""}${sort}`,
    page: page === 1 ? undefined : page,
    ...changes,
  };
}

/** How many turns of a kind an episode has. */
function turnsOf({ result }: IndexedEpisode, kind: TurnKind): number {
  const { turns, validActions, formatErrors, irregularTurns, repeatedActions, shortenedTurns } = result;
  const counts: Readonly<Record<TurnKind, number>> = {
    malformed: formatErrors,
    irregular: irregularTurns,
    repeated: repeatedActions,
    "not understood": turns - validActions - formatErrors,
    shortened: shortenedTurns,
  };
  return counts[kind];
}

function matches({ episode, said }: EpisodeRow, filter: EpisodeFilter): boolean {
  const { text, suite, group, ending, having, tag, thumbs } = filter;
  const { result } = episode;
  if (suite !== undefined && result.suite !== suite) return false;
  if (group !== undefined && result.group !== group) return false;
  if (ending !== undefined && result.ending !== ending) return false;
  if (having !== undefined && turnsOf(episode, having) === 0) return false;
  if (tag !== undefined && !said.tags.includes(tag)) return false;
  if (thumbs !== undefined && !said.thumbs.includes(thumbs)) return false;
  if (text === undefined) return true;
  return hasWords(`${result.suite}/${result.task} ${result.group} ${result.reason ?? ""}`, text);
}

function score({ episode: { result }, measures }: EpisodeRow, place: number): number {
  const measure = measures.at(place);
  return measure === undefined ? 0 : (result.scores[measure.name] ?? measure.range[0]);
}

const VALUE_OF: Readonly<Record<EpisodeSort, (row: EpisodeRow) => number>> = {
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

/** An episode of a list, with the measures of its suite and what anybody says of it. */
export interface EpisodeRow {
  readonly episode: IndexedEpisode;
  readonly measures: readonly Measure[];
  readonly said: SaidInList;
}

/** The episodes that a filter lets through, in its order; those that are equal stay in the order of their numbers. */
export function filterEpisodes(rows: readonly EpisodeRow[], filter: EpisodeFilter): readonly EpisodeRow[] {
  const value = VALUE_OF[filter.sort];
  const sign = filter.isDescending ? -1 : 1;
  return rows
    .filter((row) => matches(row, filter))
    .sort((one, other) => sign * (value(one) - value(other)) || one.episode.number - other.episode.number);
}

/** What of a list's page depends on its filter: pure, so that a browser with the rows alone does the same. */
export interface EpisodeListPart {
  readonly filter: EpisodeFilter;
  readonly rows: readonly EpisodeRow[];
  /** How many there are on all pages. */
  readonly total: number;
  readonly groups: readonly string[];
}

/** The part of a list that a page shows. */
export function episodeListPart(rows: readonly EpisodeRow[], filter: EpisodeFilter): EpisodeListPart {
  const all = filterEpisodes(rows, filter);
  const from = (filter.page - 1) * EPISODES_A_PAGE;
  const ofSuite = rows.filter(
    ({ episode: { result } }) => filter.suite === undefined || result.suite === filter.suite,
  );
  return {
    filter,
    rows: all.slice(from, from + EPISODES_A_PAGE),
    total: all.length,
    groups: [...new Set(ofSuite.map(({ episode }) => episode.result.group))].sort(),
  };
}
