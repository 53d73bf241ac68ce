import type { Context, Hono } from "hono";
import { type Answer, notFound, page } from "./answer.tsx";
import type { Found, Library } from "./library.ts";
import { wholeFrom1 } from "./list-filter.ts";
import { DataListPage } from "./pages/data-list.tsx";
import { DataRowPage } from "./pages/data-row.tsx";
import { readDataList, readDataRecords, readShownRow } from "./read-data.ts";

async function withFile(
  context: Context,
  library: Library,
  show: (found: Found) => Answer,
): Promise<Response> {
  const key = context.req.param("key") ?? "";
  const found = await library.find("data", key);
  return found === undefined ? notFound(context, `There is no data file ${key} here.`) : show(found);
}

/** The pages of a data file. */
export function dataRoutes(app: Hono, library: Library): void {
  app.get("/data/:key", (context) =>
    withFile(context, library, async (found) => {
      const view = await readDataList(found, context.req.query());
      return page(context, <DataListPage view={view} />);
    }),
  );
  app.get("/data/:key/records", (context) =>
    withFile(context, library, async (found) => context.json({ records: await readDataRecords(found) })),
  );
  app.get("/data/:key/:row", (context) =>
    withFile(context, library, async (found) => {
      const row = context.req.param("row");
      const place = wholeFrom1(row) - 1;
      const view = await readShownRow(found, place, wholeFrom1(context.req.query("part")));
      if (view === undefined) return notFound(context, `${found.shown} has no row ${row}.`);
      return page(context, <DataRowPage view={view} />);
    }),
  );
}
