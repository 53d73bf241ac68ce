import type { Annotations } from "../annotation/annotation-file.ts";
import { type Episode, keyText, type Trial } from "../evaluation/episode.ts";
import type { EpisodeLine } from "../evaluation/episode-calls.ts";
import type { IndexedEpisode } from "../evaluation/indexed-evaluation.ts";
import { measuresOf } from "../evaluation/metrics/scores.ts";
import { episodeDialogue, trialPrefix } from "./episode-dialogue.ts";
import { type EpisodeFilter, filterEpisodes } from "./evaluation-filter.ts";
import type { OpenedEvaluation } from "./library.ts";
import { link } from "./link.ts";
import { type Annotating, annotationsView } from "./read-annotations.ts";
import { playerName, readEpisodeRows } from "./read-evaluation.ts";

/** Turns of a trial on one page. */
const TURNS_A_PAGE = 200;

/** What was asked in an episode beside the player's replies: a judge's verdict, a page, a call that broke. */
function shownLine(line: EpisodeLine) {
  if ("answer" in line)
    return {
      kind: "page",
      name: line.key,
      text: JSON.stringify(line.answer, null, 2),
      tokens: 0,
      cost: null,
    };
  const { by, call, usage, cost } = line;
  const tokens = usage === undefined ? 0 : usage.promptTokens + usage.completionTokens;
  if (!("error" in line)) return { kind: "verdict", name: by ?? "", text: line.text, tokens, cost };
  const text = `${line.error.code}: ${line.error.message}`;
  return { kind: "broken", name: `call ${call} of ${by ?? "the player"}`, text, tokens, cost };
}

/** One way through the task. */
function trialView(episode: Episode, trial: Trial, place: number, page: number) {
  const { turns, messages, start, ending, reason, scores, reflection } = trial;
  const asked = messages.find(({ role }) => role === "user")?.content ?? messages[0]?.content;
  const from = (page - 1) * TURNS_A_PAGE;
  const prefix = trialPrefix(episode.trials, place);
  return {
    number: place + 1,
    /** Turns of the trials before it: what is said of a turn counts through all trials. */
    before: episode.trials.slice(0, place).reduce((sum, each) => sum + each.turns.length, 0),
    /** What the player was told at first. Without a model no message says what was to be done. */
    told: asked ?? (start === undefined ? undefined : `${start.goal}\n\n${start.observation}`),
    /** How many turns it has; `shown` are those of this page. */
    turns: turns.length,
    shown: episodeDialogue(episode, trial, { from, most: TURNS_A_PAGE, prefix }),
    /** The conversation exactly as it was sent. */
    messages,
    ending,
    reason,
    scores,
    /** What was noted for the next trial, and what was asked for it (Reflexion). */
    noted: reflection?.reply.text,
    reflected: reflection?.messages,
  };
}

function pagesOf(trials: readonly Trial[]): number {
  return Math.max(1, ...trials.map(({ turns }) => Math.ceil(turns.length / TURNS_A_PAGE)));
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
) {
  const { found, evaluation } = opened;
  const { episodes } = evaluation;
  const indexed = episodes[number - 1];
  if (indexed === undefined) return undefined;
  const episode = await evaluation.episode(indexed);
  const listed = filterEpisodes(readEpisodeRows(opened, annotations), filter).map((row) => row.episode);
  const place = listed.indexOf(indexed);
  const query = { ...filter, page: undefined };
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
        turns: page,
      }),
    }),
    measures: measuresOf([episode]),
    trials: episode.trials.map((trial, of) => trialView(episode, trial, of, page)),
    page,
    pages: pagesOf(episode.trials),
    asked: (await evaluation.askedBeside(indexed)).map(shownLine),
    /** The attempts at the same task, this one among them. */
    attempts: attemptsOf(episodes, indexed),
    /** Other evaluations that have played the task. */
    elsewhere: others.flatMap((other) => {
      const same = sameTask(other, indexed);
      const { key, shown } = other.found;
      return same === undefined ? [] : [{ key, shown, ending: same.result.ending }];
    }),
    /** What of the list is kept in addresses, and the numbers before and behind this one in it. */
    query,
    previous: listed[place - 1]?.number,
    next: place < 0 ? undefined : listed[place + 1]?.number,
  };
}
export type EpisodeView = NonNullable<Awaited<ReturnType<typeof readEpisodePage>>>;

/** The episode of another evaluation at the same attempt at the same task, else its first attempt. */
function sameTask({ evaluation }: OpenedEvaluation, { result }: IndexedEpisode): IndexedEpisode | undefined {
  const same = evaluation.episodes.filter(
    (each) => each.result.suite === result.suite && each.result.task === result.task,
  );
  return same.find((each) => each.result.attempt === result.attempt) ?? same[0];
}

/** The first turn in which the first two trials did not do the same; undefined when they did to the end. */
function partedAt(trials: readonly Trial[]): number | undefined {
  const [one, other] = trials;
  if (one === undefined || other === undefined) return undefined;
  const longest = Math.max(one.turns.length, other.turns.length);
  for (let place = 0; place < longest; place += 1)
    if (one.turns[place]?.action !== other.turns[place]?.action) return place + 1;
  return undefined;
}

/** What one evaluation did with a task, by its last trial; nothing when it has not played it. */
async function played({ found, evaluation }: OpenedEvaluation, same: IndexedEpisode | undefined) {
  const episode = same && (await evaluation.episode(same));
  const name = { key: found.key, shown: found.shown, player: playerName(found) };
  return { ...name, number: same?.number, result: same?.result, episode, trial: episode?.trials.at(-1) };
}

/** The episodes of one task in several evaluations beside each other, turn by turn (Figure 9's case studies). */
export async function readEpisodesBeside(
  opened: OpenedEvaluation,
  number: number,
  others: readonly OpenedEvaluation[],
  page: number,
) {
  const indexed = opened.evaluation.episodes[number - 1];
  if (indexed === undefined) return undefined;
  const all = await Promise.all([
    played(opened, indexed),
    ...others.map((each) => played(each, sameTask(each, indexed))),
  ]);
  const trials = all.flatMap(({ trial }) => trial ?? []);
  const from = (page - 1) * TURNS_A_PAGE;
  return {
    key: opened.found.key,
    shown: opened.found.shown,
    number,
    result: indexed.result,
    measures: measuresOf([indexed.result]),
    columns: all.map(({ episode, trial, ...column }, place) => ({
      ...column,
      /** The turns of this page, the player's and the world's in turn. */
      dialogue:
        episode === undefined || trial === undefined
          ? []
          : episodeDialogue(episode, trial, { from, most: TURNS_A_PAGE, prefix: `${place + 1}-` }),
    })),
    /** The keys of the others, for addresses. */
    others: others.map(({ found }) => found.key),
    page,
    pages: pagesOf(trials),
    parted: partedAt(trials),
  };
}
export type BesideView = NonNullable<Awaited<ReturnType<typeof readEpisodesBeside>>>;
