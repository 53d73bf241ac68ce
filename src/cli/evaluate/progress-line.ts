import { hasFailed } from "../../evaluation/episode.ts";
import type { EvaluationView } from "../../evaluation/evaluate.ts";
import type { PanelState } from "../terminal/panel.ts";

/** What the progress of an evaluation tells of its episodes. */
export function progressOfEvaluation(
  view: EvaluationView,
): Pick<PanelState, "ended" | "counts" | "tokens" | "completionTokens" | "cost"> {
  let [ended, solved, failed] = [0, 0, 0];
  for (const { success, ending } of view.results().values()) {
    ended += 1;
    if (success) solved += 1;
    if (hasFailed({ ending })) failed += 1;
  }
  const { promptTokens, completionTokens, cost } = view.spending();
  return {
    ended,
    counts: [
      { label: "success", count: solved, style: "green", withShare: true },
      { label: "model failed", count: failed, style: "red" },
    ],
    tokens: promptTokens + completionTokens,
    completionTokens,
    cost,
  };
}
