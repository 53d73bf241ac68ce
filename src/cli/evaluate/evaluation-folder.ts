import {
  type EvaluationSettings,
  evaluationSettingsSchema,
  type PartialEvaluationSettings,
} from "../../config/run-settings.ts";
import { openRunFolder, type RunFolder } from "../../runs/run-folder.ts";
import { differenceInWords, settingsDifference } from "../../runs/settings-difference.ts";
import { evaluateWords } from "../evaluation-words.ts";
import type { Host } from "../terminal/host.ts";
import { showPath } from "../terminal/show-path.ts";
import { UsageError } from "../usage-error.ts";
import { goingOnWords } from "../words.ts";

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
    : new UsageError(goingOnWords.badSettings(shown), { fix: evaluateWords.badSettingsFix });
}

/**
 * Saved settings with those over them that say where things are, since they may have moved: the model's server and
 * the variable with its key, AgentBoard's files, the recording.
 */
function moved(saved: EvaluationSettings, given: PartialEvaluationSettings): EvaluationSettings {
  const { model, agentboard, replay } = saved;
  const { baseUrl = model?.baseUrl, apiKeyEnv = model?.apiKeyEnv } = given.model;
  const server = {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
  };
  return {
    ...saved,
    ...(agentboard === undefined ? {} : { agentboard: given.agentboard ?? agentboard }),
    ...(replay === undefined ? {} : { replay: given.replay ?? replay }),
    ...(model === undefined ? {} : { model: { ...model, ...server } }),
  };
}

/** The suites that were given; in the saved order when they are the same. */
function inSavedOrder(
  { suites: saved }: EvaluationSettings,
  { suites: given }: PartialEvaluationSettings,
): readonly string[] {
  const isSame =
    given === undefined || (given.length === saved.length && given.every((each) => saved.includes(each)));
  return isSame ? saved : given;
}

/** The settings to go on with. Refuses given ones that contradict those which an evaluation was started with. */
export function continuedSettings(
  { run, settings }: EvaluationFolder,
  given: PartialEvaluationSettings,
  host: Host,
): EvaluationSettings {
  const saved = moved(settings, given);
  const model = Object.keys(given.model).length > 0 ? { ...saved.model, ...given.model } : saved.model;
  const together = { ...saved, ...given, suites: inSavedOrder(saved, given), model };
  const different = settingsDifference({ ...saved }, together);
  if (different.length === 0) return saved;
  const directory = showPath(run.directory, host.directory);
  throw new UsageError(goingOnWords.contradiction(directory, different.map(differenceInWords)), {
    fix: evaluateWords.contradictionFix(directory),
  });
}
