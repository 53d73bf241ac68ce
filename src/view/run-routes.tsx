import type { Context, Hono } from "hono";
import type { IndexedRun } from "../synthesis/indexed-run.ts";
import { type Answer, notFound, page } from "./answer.tsx";
import type { Found, Library } from "./library.ts";
import { MessagePage } from "./pages/message.tsx";
import { RunListPage } from "./pages/run-list.tsx";
import { TrajectoryPage } from "./pages/trajectory.tsx";
import { readRunList, readTrajectory } from "./read-run.ts";
import { readRunFilter } from "./run-filter.ts";

/** Answers with what `show` makes of a run; with how far it is when it is still looked through for the first time. */
async function withRun(
  context: Context,
  library: Library,
  show: (found: Found, run: IndexedRun) => Answer | Promise<Answer>,
): Promise<Response> {
  const key = context.req.param("key") ?? "";
  const found = await library.find("run", key);
  if (found === undefined) return notFound(context, `There is no run ${key} here.`);
  const opened = await library.open(found);
  if (opened.run !== undefined) return show(found, opened.run);
  const text = `${Math.round(opened.indexed * 100)} % of it is looked through. This is done once.`;
  return page(context, <MessagePage title={`Looking through ${found.shown}`} text={text} refresh={1} />);
}

/** The pages of a run. */
export function runRoutes(app: Hono, library: Library): void {
  app.get("/run/:key/list", (context) =>
    withRun(context, library, async (found, run) => {
      const filter = readRunFilter(context.req.query());
      return page(context, <RunListPage view={readRunList(found, run, filter)} />);
    }),
  );
  app.get("/run/:key/:id", (context) =>
    withRun(context, library, async (found, run) => {
      const id = context.req.param("id");
      const view = await readTrajectory(found, run, id, readRunFilter(context.req.query()));
      return view === undefined
        ? notFound(context, `${found.shown} has no ended persona ${id}.`)
        : page(context, <TrajectoryPage view={view} />);
    }),
  );
}
