import { stat } from "node:fs/promises";
import type { EvaluationSettings } from "../../config/run-settings.ts";
import { AgentRefineError } from "../../errors.ts";
import type { EpisodeResult } from "../../evaluation/episode-result.ts";
import { readResults } from "../../evaluation/episode-result.ts";
import { openEvaluation } from "../evaluate/evaluation-folder.ts";
import { compareWords } from "../evaluation-words.ts";
import { isRun } from "../is-run.ts";
import type { Host } from "../terminal/host.ts";
import { showPath } from "../terminal/show-path.ts";

/** An evaluation as it was read. */
export interface ReadEvaluation {
  /** Its folder, as the user would type it. */
  readonly name: string;
  /** The same for evaluations that differ in nothing but the perturbation and the suites. */
  readonly player: string;
  readonly settings: EvaluationSettings;
  readonly results: readonly EpisodeResult[];
}

/** Why a path cannot be an evaluation, before a file of it is read. */
async function folderProblem(directory: string, name: string): Promise<string | undefined> {
  const status = await stat(directory).catch(() => undefined);
  if (status === undefined) return compareWords.noFolder(name);
  if (!status.isDirectory()) return compareWords.notAFolder(name);
  return (await isRun(directory)) ? undefined : compareWords.notAnEvaluation(name);
}

/** All settings but those that may differ in a series of perturbations. */
function playerOf(settings: EvaluationSettings): string {
  const { suites: _suites, perturbation: _words, episodes: _episodes, model, ...rest } = settings;
  if (model === undefined) return JSON.stringify(rest);
  const { apiKeyEnv: _shapesNothing, ...shaping } = model;
  return JSON.stringify({ ...rest, model: shaping });
}

/** Reads an evaluation that has at least one finished episode. Throws AgentRefineError. */
export async function readEvaluation(directory: string, host: Host): Promise<ReadEvaluation> {
  const name = showPath(directory, host.directory);
  const problem = await folderProblem(directory, name);
  if (problem !== undefined) throw new AgentRefineError(problem, { fix: compareWords.foldersFix });
  const { settings } = await openEvaluation(directory, name);
  const results = [...(await readResults(directory)).values()];
  if (results.length > 0) return { name, player: playerOf(settings), settings, results };
  throw new AgentRefineError(compareWords.noEpisodes(name), { fix: compareWords.noEpisodesFix(name) });
}
