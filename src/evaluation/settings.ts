import * as z from "zod";
import { AGENTS, batching, outside, playing, worlds } from "../config/settings.ts";
import { COMPATS } from "../environment/suite.ts";
import { samplingSchema } from "../model/chat-model.ts";

/** What `run.json` says of the model that plays; commands keep there what they need to open it again. */
const modelSchema = z.looseObject({
  name: z.string(),
  ...samplingSchema.omit({ seed: true, stop: true }).shape,
  /** `none` for one that is not sent. */
  temperature: z.union([z.number(), z.literal("none")]).exactOptional(),
  /** Further fields of each request. */
  body: z.record(z.string(), z.unknown()).exactOptional(),
});

/** Everything that shapes what an evaluation comes to; saved in its `run.json`, and the same for all its parts. */
export const evaluationSettingsSchema = z.object({
  /** Tells the folder of an evaluation from that of a run. */
  kind: z.literal("evaluation"),
  // The settings of the command, and of them what every evaluation has; paths are absolute.
  ...worlds,
  ...playing,
  suites: z.array(z.string()).readonly(),
  compat: z.enum(COMPATS),
  agent: z.enum(AGENTS),
  example: z.boolean(),
  samples: z.number(),
  seed: z.number(),
  batch: batching.batch,
  wikipedia: outside.wikipedia,
  recorded: outside.recorded,
  // One that a later version no longer has is still a name of what was played.
  perturbation: z.string().exactOptional(),
  /** Who grades answers, where a suite has them graded, and how it is asked. */
  judge: modelSchema.exactOptional(),
  /** Who gave the answers that are replayed to be judged again. */
  answered: z.object({ agent: z.enum(AGENTS), model: modelSchema.exactOptional() }).exactOptional(),
  /** Episodes in all: what the tasks of the suites and the attempts come to. */
  episodes: z.number(),
  /**
   * What a reader of the results must know of suites, such as tasks that nobody can achieve; said by them when loaded.
   */
  remarks: z.record(z.string(), z.array(z.string()).readonly()).exactOptional(),
  /**
   * Where replies of a thought and an action end, as far as the server takes it. An evaluation of a version that did
   * not send it is resumed without.
   */
  stopAt: z.array(z.string()).readonly().exactOptional(),
  /** Whether tasks that have a temperature of their own are asked at it, since none was given. */
  taskTemperatures: z.boolean().exactOptional(),
  /** Only for agents that talk to one. */
  model: modelSchema.exactOptional(),
});

/** The settings of an evaluation. */
export type EvaluationSettings = z.infer<typeof evaluationSettingsSchema>;

/** The model that played and how it was asked, as far as it is known. */
export type EvaluatedModel = z.infer<typeof modelSchema>;

/** Settings of which some may be left out. */
export interface GivenSettings
  extends Partial<Omit<EvaluationSettings, "kind" | "episodes" | "remarks" | "model" | "judge">> {
  readonly model?: Partial<EvaluatedModel>;
  readonly judge?: Partial<EvaluatedModel>;
}

const furtherSchema = samplingSchema.omit({ temperature: true, maxTokens: true, stop: true });

/** What shaped the replies of a model beside the temperature and the limit on their tokens. */
export function furtherSampling(model: EvaluatedModel | undefined): Readonly<Record<string, unknown>> {
  return furtherSchema.safeParse(model).data ?? {};
}

/** The paper's settings (section 4.1: one greedy attempt), and what else holds when nothing is said. */
export const EVALUATION_DEFAULTS = {
  compat: "agentboard",
  example: true,
  samples: 1,
  seed: 1,
} as const;
