import type { Annotations } from "../annotation/annotation-file.ts";
import { type Episode, keyText, type Trial } from "../evaluation/episode.ts";
import type { EpisodeLine } from "../evaluation/episode-calls.ts";
import type { IndexedEpisode } from "../evaluation/indexed-evaluation.ts";
import { measuresOf } from "../evaluation/metrics/scores.ts";
import { episodeDialogue, trialPrefix } from "./episode-dialogue.ts";
import { type EpisodeFilter, episodeQuery, filterEpisodes } from "./evaluation-filter.ts";
import { link } from "./link.ts";
import type { AskedBeside, EpisodeView, TrialView } from "./pages/episode.tsx";
import type { BesideView, PlayedBeside } from "./pages/episodes-beside.tsx";
import { type Annotating, annotationsView } from "./read-annotations.ts";
import { type OpenedEvaluation, playerName, readEpisodeRows } from "./read-evaluation.ts";

/** Turns of a trial on one page. */
const TURNS_A_PAGE = 200;

/** What was asked of the outside, as a page shows it. */
function shownLine(line: EpisodeLine): AskedBeside {
  if ("answer" in line) return { kind: "page", name: line.key, text: JSON.stringify(line.answer, null, 2) };
  const { by, call, usage, cost } = line;
  const bought = { usage, ...(cost === null ? {} : { cost }) };
  if ("error" in line) {
    const who = by === undefined ? "the player" : by;
    return {
      kind: "broken",
      name: `call ${call} of ${who}`,
      text: `${line.error.code}: ${line.error.message}`,
      ...bought,
    };
  }
  return { kind: "verdict", name: by ?? "", text: line.text, ...bought };
}

function trialView(episode: Episode, trial: Trial, place: number, page: number): TrialView {
  const { turns, messages, start, ending, reason, scores, reflection } = trial;
  const asked = messages.find(({ role }) => role === "user")?.content ?? messages[0]?.content;
  const from = (page - 1) * TURNS_A_PAGE;
  return {
    number: place + 1,
    before: episode.trials.slice(0, place).reduce((sum, each) => sum + each.turns.length, 0),
    // Without a model no message says what was to be done.
    told: asked ?? (start === undefined ? undefined : `${start.goal}\n\n${start.observation}`),
    turns: turns.length,
    shown: episodeDialogue(episode, trial, {
      from,
      most: TURNS_A_PAGE,
      prefix: trialPrefix(episode.trials, place),
    }),
    messages,
    ending,
    reason,
    scores,
    ...(reflection === undefined ? {} : { noted: reflection.reply.text, reflected: reflection.messages }),
  };
}

/** The episodes of the same task in this evaluation. */
function attemptsOf(evaluation: readonly IndexedEpisode[], { result }: IndexedEpisode) {
  const same = evaluation.filter(
    (each) => each.result.suite === result.suite && each.result.task === result.task,
  );
  return same
    .map(({ number, result: { attempt, ending } }) => ({ number, attempt, ending }))
    .sort((one, other) => one.attempt - other.attempt);
}

/** How an episode is read: where it stands in a list, what stands beside it, and what is said of it. */
interface ReadingEpisode {
  readonly filter: EpisodeFilter;
  /** Of its turns, from 1. */
  readonly page: number;
  readonly others: readonly OpenedEvaluation[];
  readonly annotations: Annotations;
  readonly annotating: Annotating | undefined;
}

/** An episode, as its page shows it; undefined when the evaluation has none of that number. */
export async function readEpisodePage(
  opened: OpenedEvaluation,
  number: number,
  { filter, page, others, annotations, annotating }: ReadingEpisode,
): Promise<EpisodeView | undefined> {
  const { found, evaluation } = opened;
  const { episodes } = evaluation;
  const indexed = episodes[number - 1];
  if (indexed === undefined) return undefined;
  const episode = await evaluation.episode(indexed);
  const listed = filterEpisodes(readEpisodeRows(opened, annotations), filter).map((row) => row.episode);
  const place = listed.indexOf(indexed);
  const [previous, next] = place < 0 ? [] : [listed[place - 1]?.number, listed[place + 1]?.number];
  const query = episodeQuery(filter, { page: undefined });
  return {
    key: found.key,
    shown: found.shown,
    player: playerName(found),
    number,
    result: indexed.result,
    annotations: annotationsView(annotations, keyText(indexed.result), {
      ...annotating,
      folder: found.path,
      action: link(["evaluation", found.key, "episodes", String(number), "annotations"], {
        ...query,
        turns: page === 1 ? undefined : page,
      }),
    }),
    measures: measuresOf([episode]),
    trials: episode.trials.map((trial, of) => trialView(episode, trial, of, page)),
    page,
    pages: Math.max(1, ...episode.trials.map(({ turns }) => Math.ceil(turns.length / TURNS_A_PAGE))),
    asked: (await evaluation.askedBeside(indexed)).map(shownLine),
    attempts: attemptsOf(episodes, indexed),
    elsewhere: others.flatMap((other) => {
      const same = sameTask(other, indexed);
      return same === undefined
        ? []
        : [{ key: other.found.key, shown: other.found.shown, ending: same.result.ending }];
    }),
    query,
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  };
}

/** The episode of another evaluation at the same attempt at the same task, else its first attempt. */
function sameTask({ evaluation }: OpenedEvaluation, { result }: IndexedEpisode): IndexedEpisode | undefined {
  const same = evaluation.episodes.filter(
    (each) => each.result.suite === result.suite && each.result.task === result.task,
  );
  return same.find((each) => each.result.attempt === result.attempt) ?? same[0];
}

/** Up to which turn two trials did the same; undefined when they did to the end. */
function partedAt(trials: readonly Trial[]): number | undefined {
  const [one, other] = trials;
  if (one === undefined || other === undefined) return undefined;
  const longest = Math.max(one.turns.length, other.turns.length);
  for (let place = 0; place < longest; place += 1)
    if (one.turns[place]?.action !== other.turns[place]?.action) return place + 1;
  return undefined;
}

/** The episodes of one task in several evaluations beside each other, turn by turn (Figure 9's case studies). */
export async function readEpisodesBeside(
  opened: OpenedEvaluation,
  number: number,
  others: readonly OpenedEvaluation[],
  page: number,
): Promise<BesideView | undefined> {
  const indexed = opened.evaluation.episodes[number - 1];
  if (indexed === undefined) return undefined;
  const columns: PlayedBeside[] = [];
  const trials: Trial[] = [];
  for (const each of [opened, ...others]) {
    const { found, evaluation } = each;
    const same = each === opened ? indexed : sameTask(each, indexed);
    const name = { key: found.key, shown: found.shown, player: playerName(found) };
    if (same === undefined) {
      columns.push(name);
      continue;
    }
    const episode = await evaluation.episode(same);
    const last = episode.trials.at(-1);
    if (last !== undefined) trials.push(last);
    const from = (page - 1) * TURNS_A_PAGE;
    const prefix = `${columns.length + 1}-`;
    columns.push({
      ...name,
      number: same.number,
      result: same.result,
      dialogue:
        last === undefined ? [] : episodeDialogue(episode, last, { from, most: TURNS_A_PAGE, prefix }),
    });
  }
  const parted = partedAt(trials);
  return {
    key: opened.found.key,
    shown: opened.found.shown,
    number,
    result: indexed.result,
    measures: measuresOf([indexed.result]),
    columns,
    others: others.map(({ found }) => found.key),
    page,
    pages: Math.max(1, ...trials.map(({ turns }) => Math.ceil(turns.length / TURNS_A_PAGE))),
    ...(parted === undefined ? {} : { parted }),
  };
}
