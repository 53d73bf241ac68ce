import { type PartialRunSettings, type RunSettings, runSettingsSchema } from "../../config/run-settings.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import {
  differenceInWords,
  type SettingDifference,
  settingsDifference,
} from "../../runs/settings-difference.ts";
import { evaluateWords } from "../evaluation-words.ts";
import type { Host } from "../terminal/host.ts";
import { showPath } from "../terminal/show-path.ts";
import { UsageError } from "../usage-error.ts";
import { generateWords, goingOnWords } from "../words.ts";

/** The checked settings of a run. */
export function settingsOf({ directory, description }: RunFolder): RunSettings {
  const parsed = runSettingsSchema.safeParse(description.settings);
  if (parsed.success) return parsed.data;
  if (description.settings.kind === "evaluation") {
    throw new UsageError(evaluateWords.isEvaluation(directory), {
      fix: evaluateWords.isEvaluationFix(directory),
    });
  }
  throw new UsageError(goingOnWords.badSettings(directory), { fix: generateWords.badSettingsFix });
}

/** Saved settings with the given ones over them, and those of the given ones that contradict. */
function contradictions(saved: RunSettings, given: PartialRunSettings): readonly SettingDifference[] {
  const { apiKeyEnv: _shapesNothing, ...model } = given.model;
  const together = {
    ...saved,
    ...given,
    personas: { ...saved.personas, ...given.personas },
    model: { ...saved.model, ...model },
  };
  return settingsDifference({ ...saved }, together);
}

/** Refuses settings that contradict those which the run was started with. */
export function refuseContradictions(run: RunFolder, given: PartialRunSettings, host: Host): void {
  const different = contradictions(settingsOf(run), given);
  if (different.length === 0) return;
  const directory = showPath(run.directory, host.directory);
  throw new UsageError(goingOnWords.contradiction(directory, different.map(differenceInWords)), {
    fix: generateWords.contradictionFix(directory),
  });
}
