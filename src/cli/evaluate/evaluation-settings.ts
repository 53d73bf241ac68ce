import * as z from "zod";
import { PERTURBATIONS, type PerturbationName } from "../../environment/perturbations/perturbation.ts";
import { type GivenModel, type ModelChoice, modelChoice, modelChoiceSchema } from "../model/model-choice.ts";
import { pick } from "../pick.ts";

/** The agents that can be named. */
export const AGENTS = ["react", "expert", "random", "replay"] as const;

/** Which rules the worlds keep to. */
export const COMPATS = ["agentboard", "plain"] as const;

/** Everything that shapes what an evaluation comes to; saved in its `run.json`, and the same for all its parts. */
export interface EvaluationSettings {
  /** Tells the folder of an evaluation from that of a run. */
  readonly kind: "evaluation";
  readonly suites: readonly string[];
  readonly compat: (typeof COMPATS)[number];
  /** The folder of AgentBoard's files, an absolute path. */
  readonly agentboard?: string;
  /** What is said in other words (App. K). */
  readonly perturbation?: PerturbationName;
  /** The first so many tasks of each suite only. */
  readonly limit?: number;
  readonly agent: (typeof AGENTS)[number];
  /** The recording that is replayed, an absolute path. */
  readonly replay?: string;
  /** Trials of Reflexion. */
  readonly reflexion?: number;
  /** Whether the instruction has a worked example. */
  readonly example: boolean;
  /** Attempts at each task. */
  readonly samples: number;
  readonly maxTurns: number;
  readonly seed: number;
  /** Episodes in all: what the tasks of the suites and the attempts come to. */
  readonly episodes: number;
  /** Only for agents that talk to one. */
  readonly model?: ModelChoice;
}

/** Settings of which some may be left out. */
export interface PartialEvaluationSettings
  extends Partial<Omit<EvaluationSettings, "kind" | "model" | "episodes">> {
  readonly model: Partial<ModelChoice>;
}

/** Checks the settings in a `run.json`. */
export const evaluationSettingsSchema: z.ZodType<EvaluationSettings> = z.object({
  kind: z.literal("evaluation"),
  suites: z.array(z.string()),
  compat: z.enum(COMPATS),
  agentboard: z.string().exactOptional(),
  perturbation: z.enum(PERTURBATIONS).exactOptional(),
  limit: z.number().exactOptional(),
  agent: z.enum(AGENTS),
  replay: z.string().exactOptional(),
  reflexion: z.number().exactOptional(),
  example: z.boolean(),
  samples: z.number(),
  maxTurns: z.number(),
  seed: z.number(),
  episodes: z.number(),
  model: modelChoiceSchema.exactOptional(),
});

/** Settings as they are given, before defaults. */
export interface GivenEvaluation
  extends GivenModel,
    Partial<Omit<EvaluationSettings, "kind" | "model" | "episodes">> {}

/** The settings of an evaluation among those that were given. */
export function givenEvaluation(given: GivenEvaluation): PartialEvaluationSettings {
  return {
    ...pick(given, [
      "suites",
      "compat",
      "agentboard",
      "perturbation",
      "limit",
      "agent",
      "replay",
      "reflexion",
    ]),
    ...pick(given, ["example", "samples", "maxTurns", "seed"]),
    model: modelChoice(given),
  };
}

/** Tokens that suffice for a thought and an action, with room for models that think at length. */
const REPLY_TOKENS = 1024;

/**
 * The settings of a new evaluation: those given, with the paper's for the rest (section 4.1: 30 turns, greedy;
 * section 4.4: temperature 1 when a task is attempted several times).
 */
export function completeEvaluation(
  { model, ...given }: PartialEvaluationSettings,
  {
    suites,
    agent,
    modelName,
  }: Pick<EvaluationSettings, "suites" | "agent"> & { readonly modelName?: string },
): Omit<EvaluationSettings, "episodes"> {
  const samples = given.samples ?? 1;
  return {
    kind: "evaluation",
    compat: "agentboard",
    example: true,
    maxTurns: 30,
    seed: 1,
    ...given,
    suites,
    agent,
    samples,
    ...(modelName === undefined
      ? {}
      : { model: { temperature: samples > 1 ? 1 : 0, maxTokens: REPLY_TOKENS, ...model, name: modelName } }),
  };
}
