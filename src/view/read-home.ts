import { ownValue } from "../model/call.ts";
import type { Findings, Found, Library } from "./library.ts";
import { link } from "./link.ts";

/** What a `run.json` tells at a glance: the model, and when it was begun. */
function about({ folder }: Found): string {
  const settings = folder?.description.settings;
  const model = ownValue(ownValue(settings, "model"), "name");
  const begun = folder?.description.createdAt.slice(0, 10) ?? "";
  const agent = ownValue(settings, "agent");
  const player = typeof model === "string" ? model : typeof agent === "string" ? `the ${agent} agent` : "";
  return [player, begun].filter((word) => word !== "").join(", ");
}

/** What was found, as the first page shows it. */
export function readHome({ paths }: Library, { found, unreadable }: Findings) {
  const rows = (kind: Found["kind"]) =>
    found
      .filter((each) => each.kind === kind)
      .map((each) => ({ shown: each.shown, about: about(each), href: link([kind, each.key]) }));
  return {
    /** The paths that were looked through. */
    paths,
    runs: rows("run"),
    evaluations: rows("evaluation"),
    data: rows("data"),
    /** What cannot be shown, and why. */
    unreadable,
  };
}
export type HomeView = ReturnType<typeof readHome>;
