import * as z from "zod";
import type { GenerateConfig } from "../../config/config.ts";
import { type ModelChoice, modelChoice, modelChoiceSchema } from "../model/model-choice.ts";
import { pick } from "../pick.ts";

/** The personas that come with the program, as the source of a run. */
export const SHIPPED_PERSONAS = "shipped";

/** The standard input as the source of a run. */
export const STANDARD_INPUT = "-";

/** The model whose calls are answered by the built-in author. */
export const OFFLINE = "offline";

/** Everything that shapes what a run produces; saved in its `run.json`, and the same for all of its parts. */
export interface RunSettings {
  readonly personas: {
    /** An absolute path, {@link STANDARD_INPUT} or {@link SHIPPED_PERSONAS}. */
    readonly source: string;
    readonly field?: string;
    readonly sample?: number;
    readonly limit?: number;
    readonly nearDuplicates?: number;
  };
  readonly seed: number;
  readonly maxCalls: number;
  /** Whether trajectories have errors with refinements; false for the set "w/o refinement data" of Table 2. */
  readonly errors: boolean;
  readonly model: ModelChoice;
  /** For the offline author only. */
  readonly offlineFaults?: number;
}

/** Settings of which some may be left out. */
export interface PartialSettings {
  readonly personas: Partial<RunSettings["personas"]>;
  readonly seed?: number;
  readonly maxCalls?: number;
  readonly errors?: boolean;
  readonly model: Partial<ModelChoice>;
  readonly offlineFaults?: number;
}

/** Checks the settings in a `run.json`. */
export const runSettingsSchema: z.ZodType<RunSettings> = z.object({
  personas: z.object({
    source: z.string(),
    field: z.string().exactOptional(),
    sample: z.number().exactOptional(),
    limit: z.number().exactOptional(),
    nearDuplicates: z.number().exactOptional(),
  }),
  seed: z.number(),
  maxCalls: z.number(),
  errors: z.boolean().default(true),
  model: modelChoiceSchema,
  offlineFaults: z.number().exactOptional(),
});

/** The settings of a run among those that were given. */
export function givenSettings(config: GenerateConfig, source: string | undefined): PartialSettings {
  return {
    personas: {
      ...(source === undefined ? {} : { source }),
      ...pick(config, ["field", "sample", "limit", "nearDuplicates"]),
    },
    ...pick(config, ["seed", "maxCalls", "errors", "offlineFaults"]),
    model: modelChoice(config),
  };
}

/** The settings of a new run: those given, with defaults for what every run has. */
export function completeSettings(given: PartialSettings, name: string): RunSettings {
  const { personas, model, seed = 1, maxCalls = 4, errors = true, offlineFaults = 1 } = given;
  return {
    personas: { source: SHIPPED_PERSONAS, ...personas },
    seed,
    maxCalls,
    errors,
    model: { maxTokens: 8192, ...model, name },
    ...(name === OFFLINE ? { offlineFaults } : {}),
  };
}
