import { ownValue } from "../model/call.ts";
import type { Findings, Found, Library } from "./library.ts";
import { link } from "./link.ts";
import type { HomeRow, HomeView } from "./pages/home.tsx";

/** What a `run.json` tells at a glance: the model, and when it was begun. */
function about({ folder }: Found): string {
  const settings = folder?.description.settings;
  const model = ownValue(ownValue(settings, "model"), "name");
  const begun = folder?.description.createdAt.slice(0, 10) ?? "";
  const agent = ownValue(settings, "agent");
  const player = typeof model === "string" ? model : typeof agent === "string" ? `the ${agent} agent` : "";
  return [player, begun].filter((word) => word !== "").join(", ");
}

const PAGES: Readonly<Record<Found["kind"], ((found: Found) => string) | undefined>> = {
  run: ({ key }) => link(["run", key]),
  evaluation: ({ key }) => link(["evaluation", key]),
  data: ({ key }) => link(["data", key]),
};

function row(found: Found): HomeRow {
  const href = PAGES[found.kind]?.(found);
  return { shown: found.shown, about: about(found), ...(href === undefined ? {} : { href }) };
}

/** What was found, as the first page shows it. */
export function readHome({ paths }: Library, { found, unreadable }: Findings): HomeView {
  const rows = (kind: Found["kind"]): readonly HomeRow[] =>
    found.filter((each) => each.kind === kind).map(row);
  return { paths, runs: rows("run"), evaluations: rows("evaluation"), data: rows("data"), unreadable };
}
