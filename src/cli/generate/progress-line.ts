import type { Tally } from "../../synthesis/tally.ts";
import type { PanelCount, PanelState } from "../terminal/panel.ts";

/** What the progress of a run tells of its tally. */
export function progressOfRun(
  tally: Tally,
): Pick<PanelState, "ended" | "counts" | "tokens" | "completionTokens" | "cost"> {
  const { accepted, rejected, failed } = tally.outcomes;
  const counts: readonly PanelCount[] = [
    { label: "accepted", count: accepted, style: "green", withShare: true },
    { label: "rejected", count: rejected, style: "yellow" },
    { label: "failed", count: failed, style: "red" },
  ];
  const { promptTokens, completionTokens, cost } = tally;
  return {
    ended: accepted + rejected + failed,
    counts,
    tokens: promptTokens + completionTokens,
    completionTokens,
    cost,
  };
}
