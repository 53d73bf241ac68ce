import type { Context, Hono } from "hono";
import { appendAnnotation } from "../annotation/annotation-file.ts";
import { VERDICTS } from "../annotation/verdict.ts";
import { notFound, page } from "./answer.tsx";
import { formOf, keepAnnotation, refused } from "./keep-annotation.tsx";
import type { Library } from "./library.ts";
import { link } from "./link.ts";
import { JudgingPage, judgingHref, ReliabilityPage } from "./pages/judging.tsx";
import { type Annotating, mayAnnotate } from "./read-annotations.ts";
import {
  acceptedOf,
  drawnFrom,
  nextOpen,
  readDraw,
  readJudging,
  readReliability,
  verdictsOn,
} from "./read-judging.ts";
import type { OpenRun } from "./read-run.ts";
import { filterQuery, readRunFilter } from "./run-filter.ts";
import { withPersona, withRun } from "./run-routes.tsx";

/** What is said of trajectories, by forms that work without script. */
export function annotationRoutes(app: Hono, library: Library, annotating: Annotating | undefined): void {
  /** Keeps what a form says of a trajectory, and leads back to where it stood. */
  app.post("/run/:key/:id/annotations", (context) =>
    withPersona(context, library, async ({ found, folder }, { id }) => {
      const query = filterQuery(readRunFilter(context.req.query()), { part: context.req.query("part") });
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
    withRun(context, library, async ({ found, folder, run }) => {
      const who = await mayAnnotate(annotating, folder.directory);
      const { parts } = await readReliability(acceptedOf(folder, run));
      const { key, shown } = found;
      const named = who === undefined ? {} : { annotator: who.annotator };
      return page(context, <ReliabilityPage view={{ key, shown, parts, ...named }} />);
    }),
  );

  app.get("/run/:key/judge", (context) =>
    withRun(context, library, (open) => showTurn(context, open, annotating)),
  );
  app.post("/run/:key/judge", (context) =>
    withRun(context, library, (open) => keepVerdict(context, open, annotating)),
  );
}

/** A turn of a draw; the first that is still to be judged when the address names none. */
async function showTurn(
  context: Context,
  open: OpenRun,
  annotating: Annotating | undefined,
): Promise<Response> {
  const { found, folder, run } = open;
  const who = await mayAnnotate(annotating, folder.directory);
  if (who === undefined) return refused(context);
  const { at, ...settings } = readDraw(context.req.query());
  const draw = await drawnFrom(folder, run, settings);
  const verdicts = await verdictsOn(folder.directory, draw, who);
  if (at === undefined) {
    const first = verdicts.indexOf(undefined) + 1;
    return context.redirect(
      first === 0 ? link(["run", found.key, "judgements"]) : judgingHref(found.key, settings, first),
      302,
    );
  }
  const read = await readJudging(acceptedOf(folder, run), draw, verdicts, at);
  if (read === undefined) return notFound(context, `This draw has ${draw.turns.length} turns.`);
  const { key, shown } = found;
  const view = { ...read, key, shown, draw: settings, annotator: who.annotator, at };
  return page(context, <JudgingPage view={view} />);
}

/** Keeps a verdict, and leads to the next turn that is still to be judged. */
async function keepVerdict(
  context: Context,
  { found, folder, run }: OpenRun,
  annotating: Annotating | undefined,
): Promise<Response> {
  const who = await mayAnnotate(annotating, folder.directory);
  if (who === undefined) return refused(context);
  const { at = 0, ...settings } = readDraw(context.req.query());
  const draw = await drawnFrom(folder, run, settings);
  const turn = draw.turns[at - 1];
  if (turn === undefined) return notFound(context, `This draw has ${draw.turns.length} turns.`);
  const given = (await formOf(context))?.verdict;
  const verdict = VERDICTS.find((each) => each === given);
  if (verdict === undefined && given !== "") return refused(context, "A turn is right or wrong.");
  if (verdict !== undefined) {
    const said = { kind: "turn", at: new Date().toISOString(), by: who.annotator } as const;
    await appendAnnotation(folder.directory, { ...said, ...turn, verdict, blind: true });
  }
  const next = nextOpen(await verdictsOn(folder.directory, draw, who), at);
  return context.redirect(
    next === undefined ? link(["run", found.key, "judgements"]) : judgingHref(found.key, settings, next),
    303,
  );
}
