import { basename } from "node:path";
import { SHIPPED_PERSONAS, STANDARD_INPUT } from "../../config/run-settings.ts";
import { trainingExample } from "../../dataset/from-trajectory.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import type { RunFolder } from "../../runs/run-folder.ts";
import { addErrorRuns, NO_ERROR_RUNS } from "../../trajectory/error-runs.ts";
import type { PersonaSource } from "../../tuning/hub/hub-rows.ts";
import { writeHub } from "../../tuning/hub/write-hub.ts";
import { settingsOf } from "../generate/settings-check.ts";
import { words } from "../words.ts";
import type { TellProgress } from "./export-progress.ts";
import type { RunTrajectory } from "./run-trajectories.ts";
import type { SubsetSettings } from "./subset-of.ts";

/** The licences of a data set for the hub. */
export interface Licences {
  /** As the hub names it; `other` when it has no name there. */
  readonly data: string;
  /** Of the personas; undefined when it is not known. */
  readonly personas: string | undefined;
}

/** What is written for the hub, and where to. */
export interface HubFolderOptions {
  readonly run: RunFolder;
  readonly out: string;
  readonly trajectories: AsyncIterable<RunTrajectory>;
  readonly licences: Licences;
  readonly subset: SubsetSettings | undefined;
  /** Names and values that the card tells of the run; asked for when all trajectories have been read. */
  readonly facts: () => Promise<readonly (readonly [string, string])[]>;
  readonly replace: boolean;
  readonly tell: TellProgress;
}

/** The licence of the personas that come with the program. */
const SHIPPED_LICENCE = "Apache-2.0";

/** The licence of a run's personas: as it was given, or that of the shipped ones. */
export function personaLicence(run: RunFolder, given: string | undefined): string | undefined {
  return given ?? (settingsOf(run).personas.source === SHIPPED_PERSONAS ? SHIPPED_LICENCE : undefined);
}

/** Of the file with the personas only its name is told: the path is the user's own business. */
function personaSource(run: RunFolder, licence: string | undefined): PersonaSource {
  const { source } = settingsOf(run).personas;
  const names = new Map([
    [SHIPPED_PERSONAS, "the personas that come with agentrefine"],
    [STANDARD_INPUT, words.standardInput],
  ]);
  return { name: names.get(source) ?? basename(source), licence: licence ?? "unknown" };
}

function settingsFacts(
  run: RunFolder,
  subset: SubsetSettings | undefined,
): readonly (readonly [string, string])[] {
  const { seed, maxCalls, errors, model } = settingsOf(run);
  const { provider, temperature, topP, maxTokens } = model;
  const facts = {
    agentrefine: run.description.agentrefine,
    provider,
    temperature,
    "top p": topP,
    "most tokens of a reply": maxTokens,
    "most calls for a persona": maxCalls,
    ...(errors ? {} : { "errors and refinements": "none" }),
    seed,
    subset: subset && `${subset.size} trajectories, seed ${subset.seed}`,
  };
  return Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
}

/** Writes a run as a folder for the Hugging Face hub, with its card. Gives the number of rows. */
export async function writeHubFolder(options: HubFolderOptions): Promise<number> {
  const { run, out, trajectories, licences, subset, facts, replace, tell } = options;
  const personas = personaSource(run, licences.personas);
  let errorRuns = NO_ERROR_RUNS;
  async function* examples(): AsyncGenerator<TrainingExample> {
    for await (const { id, trajectory } of trajectories) {
      const example = trainingExample(id, trajectory);
      if (example === undefined) continue;
      errorRuns = addErrorRuns(errorRuns, trajectory.turns);
      tell(errorRuns.trajectories);
      yield example;
    }
  }
  return writeHub({
    examples: examples(),
    out,
    personaOf: () => personas,
    replace,
    card: async (rows) => ({
      title: basename(out),
      licence: licences.data,
      rows,
      model: settingsOf(run).model.name,
      settings: [...(await facts()), ...settingsFacts(run, subset)],
      personas,
      errorRuns,
    }),
  });
}
