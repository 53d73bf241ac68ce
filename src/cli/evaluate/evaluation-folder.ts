import { openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { differenceInWords, settingsDifference } from "../../runs/settings-difference.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { showPath } from "../show-path.ts";
import { UsageError } from "../usage-error.ts";
import type { World } from "../world.ts";
import {
  type EvaluationSettings,
  evaluationSettingsSchema,
  type PartialEvaluationSettings,
} from "./evaluation-settings.ts";

/** The folder of an evaluation and its checked settings. */
export interface EvaluationFolder {
  readonly run: RunFolder;
  readonly settings: EvaluationSettings;
}

/** Opens the folder of an evaluation; `shown` is how messages name it. Throws AgentRefineError. */
export async function openEvaluation(directory: string, shown: string): Promise<EvaluationFolder> {
  const run = await openRunFolder(directory);
  const { settings } = run.description;
  const parsed = evaluationSettingsSchema.safeParse(settings);
  if (parsed.success) return { run, settings: parsed.data };
  const isOther = settings.kind !== "evaluation";
  throw isOther
    ? new UsageError(evaluateWords.notAnEvaluation(shown), { fix: evaluateWords.notAnEvaluationFix })
    : new UsageError(evaluateWords.badSettings(shown), { fix: evaluateWords.badSettingsFix });
}

/** Refuses settings that contradict those which an evaluation was started with. */
export function refuseContradictions(
  { run, settings: saved }: EvaluationFolder,
  given: PartialEvaluationSettings,
  world: World,
): void {
  const { apiKeyEnv: _shapesNothing, ...model } = given.model;
  const isModelGiven = Object.keys(model).length > 0;
  const together = { ...saved, ...given, model: isModelGiven ? { ...saved.model, ...model } : saved.model };
  const different = settingsDifference({ ...saved }, together);
  if (different.length === 0) return;
  const directory = showPath(run.directory, world.directory);
  throw new UsageError(evaluateWords.contradiction(directory, different.map(differenceInWords)), {
    fix: evaluateWords.contradictionFix(directory),
  });
}
