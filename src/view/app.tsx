import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import { errorMessage } from "../errors.ts";
import { chartVariables } from "../report/charts/colours.ts";
import { annotationRoutes } from "./annotation-routes.tsx";
import { notFound, page } from "./answer.tsx";
import { dataRoutes } from "./data-routes.tsx";
import { evaluationRoutes } from "./evaluation-routes.tsx";
import { changesOf } from "./events.ts";
import { BeingRead, type Library } from "./library.ts";
import { HomePage } from "./pages/home.tsx";
import { MessagePage } from "./pages/message.tsx";
import type { Annotating } from "./read-annotations.ts";
import { readHome } from "./read-home.ts";
import { runRoutes } from "./run-routes.tsx";

/** Pages use nothing but what this server gives, and no style or script stands in them. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  // Nothing is told to other servers; a form of our own must say where it comes from.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

/** Milliseconds between two looks through all folders, for the first page. */
const LOOK_AGAIN = 4000;

/** Files that pages refer to: beside this file, the island where the build has put it. */
const ASSETS: Readonly<Record<string, string>> = {
  "style.css": "text/css; charset=utf-8",
  "island.js": "text/javascript; charset=utf-8",
};

function assetRoutes(app: Hono): void {
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(`/${name}`, async (context) => {
      const content = await readFile(new URL(name, import.meta.url)).catch(() => undefined);
      if (content === undefined) return context.notFound();
      // The colours of charts are those of `report`, which draws them.
      const more = name === "style.css" ? chartVariables() : "";
      return context.body(`${more}${content.toString("utf8")}`, 200, { "content-type": type });
    });
  }
}

/**
 * The pages over a library, as a program that answers requests. It has no server: tests and the static page ask it
 * with `app.request()`. Each kind of thing has its own file of routes. Forms are there when there is who annotates.
 */
export function createApp(library: Library, annotating?: Annotating): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
  });
  assetRoutes(app);
  app.get("/", async (context) => page(context, <HomePage view={readHome(library, await library.look())} />));
  app.get("/events", (context) =>
    changesOf(context, async () => JSON.stringify(readHome(library, await library.look())), LOOK_AGAIN),
  );
  annotationRoutes(app, library, annotating);
  runRoutes(app, library, annotating);
  dataRoutes(app, library);
  evaluationRoutes(app, library, annotating);
  app.notFound((context) => notFound(context, "There is no such page."));
  app.onError((error, context) => {
    if (error instanceof BeingRead)
      return page(context, <MessagePage title={error.title} text={error.message} refresh={1} />);
    return page(context, <MessagePage title="This cannot be shown" text={errorMessage(error)} />, 500);
  });
  return app;
}
