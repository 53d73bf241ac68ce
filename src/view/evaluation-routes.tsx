import type { Context, Hono } from "hono";
import { readAnnotations } from "../annotation/annotation-file.ts";
import { type Episode, keyText } from "../evaluation/episode.ts";
import { IndexedEvaluation } from "../evaluation/indexed-evaluation.ts";
import { costOf, priceSchema } from "../model/money.ts";
import { type Answer, notFound, page } from "./answer.tsx";
import { trialPrefix } from "./episode-dialogue.ts";
import { readEpisodeFilter, readTaskFilter } from "./evaluation-filter.ts";
import { changesOf } from "./events.ts";
import { keepAnnotation } from "./keep-annotation.tsx";
import type { Found, Library } from "./library.ts";
import { wholeFrom1 } from "./list-filter.ts";
import { EpisodePage } from "./pages/episode.tsx";
import { EpisodeListPage, episodeHref } from "./pages/episode-list.tsx";
import { EpisodesBesidePage } from "./pages/episodes-beside.tsx";
import { EvaluationPage } from "./pages/evaluation.tsx";
import { MessagePage } from "./pages/message.tsx";
import { TaskGridPage } from "./pages/task-grid.tsx";
import { MOST_BESIDE } from "./parts/beside.tsx";
import { type Annotating, mayAnnotate } from "./read-annotations.ts";
import { readEpisodePage, readEpisodesBeside } from "./read-episode.ts";
import {
  type OpenedEvaluation,
  readEpisodeList,
  readEpisodeRows,
  readEvaluationPage,
} from "./read-evaluation.ts";
import { readTaskGrid } from "./read-tasks.ts";

/** Milliseconds that a page waits for an evaluation to be read before it says that it is being read. */
const PATIENCE = 1500;

/** Evaluations that were opened, so that each is read once and then only what it has grown by. */
class OpenEvaluations {
  readonly #opened = new Map<string, IndexedEvaluation>();
  readonly #ready = new Set<IndexedEvaluation>();

  /** An evaluation as it is now; undefined while it is read for the first time. */
  async open(found: Found): Promise<OpenedEvaluation | undefined> {
    const evaluation = this.#opened.get(found.path) ?? this.#begin(found);
    const reading = evaluation.refresh().then(() => this.#ready.add(evaluation));
    const patience = new Promise<void>((done) => {
      setTimeout(done, PATIENCE).unref();
    });
    await Promise.race([reading, patience]);
    return this.#ready.has(evaluation) ? { found, evaluation } : undefined;
  }

  /** Those that stand beside another one; that one of them which is still read, when one is. */
  async beside(
    which: EvaluationRoute["beside"],
    others: readonly Found[],
    named: readonly string[],
  ): Promise<{ readonly opened: readonly OpenedEvaluation[]; readonly unread?: Found }> {
    if (which === "read") {
      // All at once, so that a page waits for them no longer than for one. What cannot be read says so on its own page.
      const read = await Promise.all(others.map((each) => this.open(each).catch(() => undefined)));
      return { opened: read.filter((each) => each !== undefined) };
    }
    const opened: OpenedEvaluation[] = [];
    const wanted = which === undefined ? [] : others.filter(({ key }) => named.includes(key));
    for (const each of wanted.slice(0, MOST_BESIDE)) {
      const other = await this.open(each);
      if (other === undefined) return { opened, unread: each };
      opened.push(other);
    }
    return { opened };
  }

  #begin({ path, folder }: Found): IndexedEvaluation {
    const price = priceSchema.safeParse(folder?.description.prices).data;
    const isFree = folder?.description.settings.model === undefined;
    const evaluation = new IndexedEvaluation(path, (usage) => {
      if (price !== undefined) return costOf(price, usage);
      return isFree ? 0 : null;
    });
    this.#opened.set(path, evaluation);
    return evaluation;
  }
}

/** What a page of an evaluation needs. */
interface Asked {
  readonly context: Context;
  readonly library: Library;
  readonly opened: OpenedEvaluation;
  /** All other evaluations that were found, and those of them that stand beside it. */
  readonly others: readonly Found[];
  readonly beside: readonly OpenedEvaluation[];
  readonly annotating: Annotating | undefined;
}

/** A page of an evaluation, below its address. */
interface EvaluationRoute {
  readonly path: string;
  /** Which others stand beside it: those that the address names (`with`), or all that are read before patience ends. */
  readonly beside?: "named" | "read";
  readonly show: (asked: Asked) => Answer | Promise<Answer>;
}

function noEpisode({ context, opened }: Asked): Answer {
  const number = context.req.param("number") ?? "";
  return notFound(context, `${opened.found.shown} has no finished episode ${number}.`);
}

async function showEpisode(asked: Asked): Promise<Answer> {
  const { context, opened, beside } = asked;
  const given = context.req.query();
  const view = await readEpisodePage(opened, Number(context.req.param("number")), {
    filter: readEpisodeFilter(given),
    page: wholeFrom1(given.turns),
    others: beside,
    annotations: await readAnnotations(opened.found.path),
    annotating: await mayAnnotate(asked.annotating, opened.found.path),
  });
  return view === undefined ? noEpisode(asked) : page(context, <EpisodePage view={view} />);
}

async function showBeside(asked: Asked): Promise<Answer> {
  const { context, opened, beside } = asked;
  const turns = wholeFrom1(context.req.query("turns"));
  const view = await readEpisodesBeside(opened, Number(context.req.param("number")), beside, turns);
  return view === undefined ? noEpisode(asked) : page(context, <EpisodesBesidePage view={view} />);
}

/** Keeps what a form says of an episode, and leads back to where it stood. */
async function keepSaid(asked: Asked): Promise<Answer> {
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

const ROUTES: readonly EvaluationRoute[] = [
  {
    path: "/events",
    show: ({ context, opened: { evaluation } }) =>
      changesOf(context, async () => {
        await evaluation.refresh();
        return evaluation.version;
      }),
  },
  {
    path: "",
    show: async ({ context, opened, others, library }) => {
      const view = await readEvaluationPage(opened, others, (chart) => library.drawings.of(chart));
      return page(context, <EvaluationPage view={view} />);
    },
  },
  {
    path: "/episodes",
    show: async ({ context, opened }) => {
      const annotations = await readAnnotations(opened.found.path);
      const view = readEpisodeList(opened, annotations, readEpisodeFilter(context.req.query()));
      return page(context, <EpisodeListPage view={view} />);
    },
  },
  {
    path: "/records",
    show: async ({ context, opened }) => {
      const annotations = await readAnnotations(opened.found.path);
      return context.json({ records: readEpisodeRows(opened, annotations) });
    },
  },
  { path: "/episodes/:number", beside: "read", show: showEpisode },
  {
    path: "/tasks",
    beside: "named",
    show: ({ context, opened, beside, others }) => {
      const filter = readTaskFilter(context.req.query());
      return page(context, <TaskGridPage view={readTaskGrid([opened, ...beside], filter, others)} />);
    },
  },
  { path: "/beside/:number", beside: "named", show: showBeside },
];

function beingRead(context: Context, { shown }: Found): Answer {
  const text = "Its episodes are being read. This is done once.";
  return page(context, <MessagePage title={`Reading ${shown}`} text={text} refresh={1} />);
}

/** The pages of evaluations. */
export function evaluationRoutes(app: Hono, library: Library, annotating?: Annotating): void {
  const evaluations = new OpenEvaluations();
  const answer = async (context: Context, route: EvaluationRoute): Promise<Answer> => {
    const key = context.req.param("key") ?? "";
    const found = (await library.look()).found.filter(({ kind }) => kind === "evaluation");
    const own = found.find((each) => each.key === key);
    if (own === undefined) return notFound(context, `There is no evaluation ${key} here.`);
    const opened = await evaluations.open(own);
    if (opened === undefined) return beingRead(context, own);
    const others = found.filter((each) => each !== own);
    const named = context.req.queries("with") ?? [];
    const { opened: beside, unread } = await evaluations.beside(route.beside, others, named);
    if (unread !== undefined) return beingRead(context, unread);
    return route.show({ context, library, opened, others, beside, annotating });
  };
  app.post("/evaluation/:key/episodes/:number/annotations", (context) =>
    answer(context, { path: "", show: keepSaid }),
  );
  for (const route of ROUTES)
    app.get(`/evaluation/:key${route.path}`, async (context) => answer(context, route));
}
