import type { Context, Hono } from "hono";
import { appendAnnotation } from "../annotation/annotation-file.ts";
import type { Draw, DrawSettings } from "../annotation/draw.ts";
import { VERDICTS } from "../annotation/verdict.ts";
import { type Answer, notFound, page } from "./answer.tsx";
import { formOf, keepAnnotation, refused } from "./keep-annotation.tsx";
import type { Library } from "./library.ts";
import { link } from "./link.ts";
import { JudgingPage, judgingHref, ReliabilityPage } from "./pages/judging.tsx";
import { type Annotating, mayAnnotate } from "./read-annotations.ts";
import { drawnFrom, nextOpen, readDraw, readJudging, readReliability, verdictsOn } from "./read-judging.ts";
import type { OpenRun } from "./read-run.ts";
import { readRunFilter } from "./run-filter.ts";
import { withPersona, withRun } from "./run-routes.tsx";

/** What is said of trajectories, by forms that work without script. */
export function annotationRoutes(app: Hono, library: Library, annotating: Annotating | undefined): void {
  /** Keeps what a form says of a trajectory, and leads back to where it stood. */
  app.post("/run/:key/:id/annotations", (context) =>
    withPersona(context, library, async ({ found, folder }, { id }) => {
      const given = context.req.query();
      const query = { ...readRunFilter(given), part: given.part };
      return keepAnnotation(context, annotating, {
        folder: folder.directory,
        id,
        href: (turn) =>
          `${link(["run", found.key, id], query)}#${turn === undefined ? "annotations" : `turn-${turn}`}`,
      });
    }),
  );

  /** How far the labels can be trusted, as far as it was judged. */
  app.get("/run/:key/judgements", (context) =>
    withRun(context, library, async (open) => {
      const who = await mayAnnotate(annotating, open.folder.directory);
      return page(context, <ReliabilityPage view={await readReliability(open, who)} />);
    }),
  );

  app.get("/run/:key/judge", (context) => withDraw(context, library, annotating, showTurn));
  app.post("/run/:key/judge", (context) => withDraw(context, library, annotating, keepVerdict));
}

/** A draw of turns that somebody may judge, and the turn of it that an address names. */
interface OpenDraw {
  readonly context: Context;
  readonly open: OpenRun;
  readonly who: Annotating;
  readonly settings: DrawSettings;
  readonly at: number | undefined;
  readonly draw: Draw;
}

function withDraw(
  context: Context,
  library: Library,
  annotating: Annotating | undefined,
  answer: (given: OpenDraw) => Promise<Answer>,
): Promise<Response> {
  return withRun(context, library, async (open) => {
    const { folder, run } = open;
    const who = await mayAnnotate(annotating, folder.directory);
    if (who === undefined) return refused(context);
    const { at, ...settings } = readDraw(context.req.query());
    const draw = await drawnFrom(folder, run, settings);
    return answer({ context, open, who, settings, at, draw });
  });
}

function noSuchTurn({ context, draw }: OpenDraw): Answer {
  return notFound(context, `This draw has ${draw.turns.length} turns.`);
}

/** Leads to a turn of a draw, or to what was found when there is none left. */
function leadTo(
  { context, open, settings }: OpenDraw,
  turn: number | undefined,
  status: 302 | 303,
): Response {
  const { key } = open.found;
  const href = turn === undefined ? link(["run", key, "judgements"]) : judgingHref(key, settings, turn);
  return context.redirect(href, status);
}

/** A turn of a draw; the first that is still to be judged when the address names none. */
async function showTurn(given: OpenDraw): Promise<Answer> {
  const { context, open, who, settings, at, draw } = given;
  if (at === undefined) {
    const verdicts = await verdictsOn(open.folder.directory, draw, who);
    return leadTo(given, verdicts.indexOf(undefined) + 1 || undefined, 302);
  }
  const view = await readJudging(open, who, settings, at);
  return view === undefined ? noSuchTurn(given) : page(context, <JudgingPage view={view} />);
}

/** Keeps a verdict, and leads to the next turn that is still to be judged. */
async function keepVerdict(given: OpenDraw): Promise<Answer> {
  const { context, open, who, at = 0, draw } = given;
  const { directory } = open.folder;
  const turn = draw.turns[at - 1];
  if (turn === undefined) return noSuchTurn(given);
  const word = (await formOf(context))?.verdict;
  const verdict = VERDICTS.find((each) => each === word);
  if (verdict === undefined && word !== "") return refused(context, "A turn is right or wrong.");
  if (verdict !== undefined) {
    const said = { kind: "turn", at: new Date().toISOString(), by: who.annotator } as const;
    await appendAnnotation(directory, { ...said, ...turn, verdict, blind: true });
  }
  return leadTo(given, nextOpen(await verdictsOn(directory, draw, who), at), 303);
}
