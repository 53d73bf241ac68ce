import type { Context, Hono } from "hono";
import { readAnnotations } from "../annotation/annotation-file.ts";
import { type Episode, keyText } from "../evaluation/episode.ts";
import { type Answer, notFound, page } from "./answer.tsx";
import { trialPrefix } from "./episode-dialogue.ts";
import { readEpisodeFilter, readTaskFilter } from "./evaluation-filter.ts";
import { changesOf } from "./events.ts";
import { keepAnnotation } from "./keep-annotation.tsx";
import type { Found, Library, OpenedEvaluation } from "./library.ts";
import { wholeFrom1 } from "./list-filter.ts";
import { EpisodePage } from "./pages/episode.tsx";
import { EpisodeListPage, episodeHref } from "./pages/episode-list.tsx";
import { EpisodesBesidePage } from "./pages/episodes-beside.tsx";
import { EvaluationPage } from "./pages/evaluation.tsx";
import { TaskGridPage } from "./pages/task-grid.tsx";
import { MOST_BESIDE } from "./parts/beside.tsx";
import { type Annotating, mayAnnotate } from "./read-annotations.ts";
import { readEpisodePage, readEpisodesBeside } from "./read-episode.ts";
import { readEpisodeList, readEpisodeRows, readEvaluationPage } from "./read-evaluation.ts";
import { readTaskGrid } from "./read-tasks.ts";

/** What a page of an evaluation needs. */
interface Asked {
  readonly context: Context;
  readonly library: Library;
  readonly annotating: Annotating | undefined;
  readonly opened: OpenedEvaluation;
  /** All other evaluations that were found. */
  readonly others: readonly Found[];
}

/** The other evaluations that an address puts beside one. */
function besideIt({ context, library, others }: Asked): Promise<readonly OpenedEvaluation[]> {
  const named = context.req.queries("with") ?? [];
  const wanted = others.filter(({ key }) => named.includes(key)).slice(0, MOST_BESIDE);
  return Promise.all(wanted.map((each) => library.evaluation(each)));
}

/** All others that are read before patience ends. What cannot be read says so on its own page. */
async function readOthers({ library, others }: Asked): Promise<readonly OpenedEvaluation[]> {
  const read = await Promise.all(others.map((each) => library.evaluation(each).catch(() => undefined)));
  return read.filter((each) => each !== undefined);
}

function noEpisode({ context, opened }: Asked): Answer {
  const number = context.req.param("number") ?? "";
  return notFound(context, `${opened.found.shown} has no finished episode ${number}.`);
}

async function showEpisode(asked: Asked): Promise<Response> {
  const { context, opened } = asked;
  const given = context.req.query();
  const view = await readEpisodePage(opened, Number(context.req.param("number")), {
    filter: readEpisodeFilter(given),
    page: wholeFrom1(given.turns),
    others: await readOthers(asked),
    annotations: await readAnnotations(opened.found.path),
    annotating: await mayAnnotate(asked.annotating, opened.found.path),
  });
  return view === undefined ? noEpisode(asked) : page(context, <EpisodePage view={view} />);
}

async function showBeside(asked: Asked): Promise<Response> {
  const { context, opened } = asked;
  const turns = wholeFrom1(context.req.query("turns"));
  const number = Number(context.req.param("number"));
  const view = await readEpisodesBeside(opened, number, await besideIt(asked), turns);
  return view === undefined ? noEpisode(asked) : page(context, <EpisodesBesidePage view={view} />);
}

async function showTasks(asked: Asked): Promise<Response> {
  const { context, opened, others } = asked;
  const filter = readTaskFilter(context.req.query());
  const view = readTaskGrid([opened, ...(await besideIt(asked))], filter, others);
  return page(context, <TaskGridPage view={view} />);
}

/** Keeps what a form says of an episode, and leads back to where it stood. */
async function keepSaid(asked: Asked): Promise<Response> {
  const { context, opened, annotating } = asked;
  const number = Number(context.req.param("number"));
  const indexed = opened.evaluation.episodes[number - 1];
  if (indexed === undefined) return noEpisode(asked);
  return keepAnnotation(context, annotating, {
    folder: opened.found.path,
    id: keyText(indexed.result),
    href: async (turn) => {
      const given = context.req.query();
      const query = { ...readEpisodeFilter(given), page: undefined, turns: given.turns };
      const { trials } = await opened.evaluation.episode(indexed);
      return `${episodeHref(opened.found.key, number, query)}#${anchorOf(trials, turn)}`;
    },
  });
}

/** Where a turn stands in the page of its episode, whose turns are counted through all trials. */
function anchorOf(trials: Episode["trials"], turn: number | undefined): string {
  if (turn === undefined) return "annotations";
  let before = 0;
  for (const [place, { turns }] of trials.entries()) {
    if (turn <= before + turns.length) return `${trialPrefix(trials, place)}turn-${turn - before}`;
    before += turns.length;
  }
  return "annotations";
}

/** The pages of evaluations. */
export function evaluationRoutes(app: Hono, library: Library, annotating?: Annotating): void {
  const answer =
    (show: (asked: Asked) => Answer) =>
    async (context: Context): Promise<Response> => {
      const key = context.req.param("key") ?? "";
      const found = (await library.look()).found.filter(({ kind }) => kind === "evaluation");
      const own = found.find((each) => each.key === key);
      if (own === undefined) return notFound(context, `There is no evaluation ${key} here.`);
      const others = found.filter((each) => each !== own);
      return show({ context, library, annotating, opened: await library.evaluation(own), others });
    };
  app.get(
    "/evaluation/:key/events",
    answer(({ context, opened: { evaluation } }) =>
      changesOf(context, async () => {
        await evaluation.refresh();
        return evaluation.version;
      }),
    ),
  );
  app.get(
    "/evaluation/:key",
    answer(async ({ context, opened, others }) => {
      const view = await readEvaluationPage(opened, others, (chart) => library.drawings.of(chart));
      return page(context, <EvaluationPage view={view} />);
    }),
  );
  app.get(
    "/evaluation/:key/episodes",
    answer(async ({ context, opened }) => {
      const annotations = await readAnnotations(opened.found.path);
      const view = readEpisodeList(opened, annotations, readEpisodeFilter(context.req.query()));
      return page(context, <EpisodeListPage view={view} />);
    }),
  );
  app.get(
    "/evaluation/:key/records",
    answer(async ({ context, opened }) => {
      const annotations = await readAnnotations(opened.found.path);
      return context.json({ records: readEpisodeRows(opened, annotations) });
    }),
  );
  app.get("/evaluation/:key/episodes/:number", answer(showEpisode));
  app.post("/evaluation/:key/episodes/:number/annotations", answer(keepSaid));
  app.get("/evaluation/:key/tasks", answer(showTasks));
  app.get("/evaluation/:key/beside/:number", answer(showBeside));
}
