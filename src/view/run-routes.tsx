import type { Context, Hono } from "hono";
import { printable } from "../printable.ts";
import { folderOwner } from "../runs/lock.ts";
import type { IndexedPersona } from "../synthesis/record.ts";
import { type Answer, notFound, page } from "./answer.tsx";
import { changesOf } from "./events.ts";
import type { Library } from "./library.ts";
import { wholeFrom1 } from "./list-filter.ts";
import { CallPage } from "./pages/call.tsx";
import { RunListPage } from "./pages/run-list.tsx";
import { RunSummaryPage } from "./pages/run-summary.tsx";
import { TrajectoryPage } from "./pages/trajectory.tsx";
import { type Annotating, mayAnnotate } from "./read-annotations.ts";
import { type OpenRun, readCall, readRecords, readRunList, readTrajectory, readTurn } from "./read-run.ts";
import { readRunSummary } from "./read-run-summary.ts";
import { readRunFilter } from "./run-filter.ts";

/** Answers with what `show` makes of a run. */
export async function withRun(
  context: Context,
  library: Library,
  show: (open: OpenRun) => Answer,
): Promise<Response> {
  const key = context.req.param("key") ?? "";
  const found = await library.find("run", key);
  if (found?.folder === undefined) return notFound(context, `There is no run ${key} here.`);
  return show({ found, folder: found.folder, run: await library.run(found) });
}

/** The same of a persona of a run, which may be named by the beginning of its id. */
export async function withPersona(
  context: Context,
  library: Library,
  show: (open: OpenRun, entry: IndexedPersona) => Answer,
): Promise<Response> {
  return withRun(context, library, (open) => {
    const id = context.req.param("id") ?? "";
    const entry = open.run.find(id);
    if (entry !== undefined) return show(open, entry);
    return notFound(context, `${open.found.shown} has no ended persona ${id}.`);
  });
}

/** The pages of a run. */
export function runRoutes(app: Hono, library: Library, annotating?: Annotating): void {
  app.get("/run/:key", (context) =>
    withRun(context, library, async ({ found, folder, run }) => {
      const counted = await library.counted.of(found.shown, folder, run.version);
      const view = await readRunSummary(found, run, counted, (chart) => library.drawings.of(chart));
      return page(context, <RunSummaryPage view={view} />);
    }),
  );
  app.get("/run/:key/list", (context) =>
    withRun(context, library, async (open) => {
      const view = await readRunList(open, readRunFilter(context.req.query()));
      return page(context, <RunListPage view={view} />);
    }),
  );
  app.get("/run/:key/records", (context) =>
    withRun(context, library, async (open) => context.json({ records: await readRecords(open) })),
  );
  app.get("/run/:key/events", (context) =>
    withRun(context, library, ({ found, folder, run }) =>
      changesOf(context, async () => {
        await run.refresh();
        const { isCounting } = await library.counted.of(found.shown, folder, run.version);
        const owner = await folderOwner(found.path).catch(() => undefined);
        return `${run.version} ${isCounting} ${owner?.token}`;
      }),
    ),
  );
  app.get("/run/:key/:id", (context) =>
    withPersona(context, library, async (open, entry) => {
      const filter = readRunFilter(context.req.query());
      const who = await mayAnnotate(annotating, open.folder.directory);
      const view = await readTrajectory(open, entry, filter, wholeFrom1(context.req.query("part")), who);
      return page(context, <TrajectoryPage view={view} />);
    }),
  );
  app.get("/run/:key/:id/call/:call", (context) =>
    withPersona(context, library, async (open, entry) => {
      const number = wholeFrom1(context.req.param("call"));
      const view = await readCall(open, entry, number, readRunFilter(context.req.query()));
      if (view === undefined) return notFound(context, `${entry.id} has no answered call ${number}.`);
      return page(context, <CallPage view={view} />);
    }),
  );
  app.get("/run/:key/:id/turn/:turn", (context) =>
    withPersona(context, library, async (open, entry) => {
      const turn = await readTurn(open, entry, Number(context.req.param("turn")));
      if (turn === undefined) return notFound(context, `${entry.id} has no such turn.`);
      return context.text(printable(turn));
    }),
  );
}
