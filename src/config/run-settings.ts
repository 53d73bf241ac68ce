import * as z from "zod";
import { defined } from "../defined.ts";
import { AgentRefineError } from "../errors.ts";
import { asking, count } from "./asking.ts";
import { batching, type GenerateConfig, making, selection } from "./settings.ts";
import { part, type WriterConfig, writersOf } from "./writers.ts";

// What a `run.json` keeps of the settings: all that shapes what comes of a run; an evaluation's are its own, around the model.

/** The personas that come with the program, as the source of a run. */
export const SHIPPED_PERSONAS = "shipped";

/** The standard input as the source of a run. */
export const STANDARD_INPUT = "-";

/** The model whose calls are answered by the built-in author. */
export const OFFLINE = "offline";

const asked = z.object(asking);

/** The model of a run and how it is asked. */
export const modelChoiceSchema = z.object({
  name: z.string(),
  ...asking,
  maxTokens: count,
  /** The names of further headers; their values may be secrets and are not kept. */
  headers: z.array(z.string()).readonly().exactOptional(),
});

/** The model of a run and how it is asked: what shapes its replies. */
export type ModelChoice = Readonly<z.infer<typeof modelChoiceSchema>>;

/** Names of fields that hold a secret, in lower case and without `_` and `-`; not such as `prompt_cache_key`. */
const SECRET_NAME =
  /^(?:key|token|auth)$|(?:api|access|private)key|(?:api|access|auth|refresh|session|hf)token|secret|password|credential|authorization|cookie/;

/** The name of the first text in a JSON value, at any depth, that looks like a secret by the name of its field. */
export function secretField(value: unknown, name = ""): string | undefined {
  if (typeof value === "string") {
    return SECRET_NAME.test(name.toLowerCase().replace(/[_-]/g, "")) ? name : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = secretField(inner, Array.isArray(value) ? name : key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The names of headers as they are saved. */
function namesOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort();
}

/** What was given of a model, as it is saved. Throws AgentRefineError for a body that looks as if it held a key. */
export function givenModel(
  given: Pick<GenerateConfig, keyof typeof asking | "model" | "headers">,
): Partial<ModelChoice> {
  const { model: name, headers, body } = given;
  const secret = secretField(body);
  if (secret !== undefined) {
    throw new AgentRefineError(`the body's field "${secret}" looks like a key, and the body is saved`, {
      fix: "Give a key in an environment variable, or in a header, whose value is never saved.",
    });
  }
  return {
    ...asked.parse(given),
    ...defined({ name, headers: headers && namesOf(headers) }),
  };
}

const writerChoiceSchema = z.object({
  ...part,
  ...asking,
  headers: modelChoiceSchema.shape.headers,
});

/** One of several models of a run: what is its own, over what holds for all. */
export type WriterChoice = Readonly<z.infer<typeof writerChoiceSchema>>;

const ownPart = z.object(part);

/** What was given of one of several models, as it is saved. Throws AgentRefineError as {@link givenModel} does. */
function givenWriter(given: WriterConfig): WriterChoice {
  return { ...ownPart.parse(given), ...givenModel(given) };
}

const chosenPersonas = z.object(selection);
const made = z.object(making);
const inBatches = z.object(batching);

/** The settings in the `run.json` of a run. */
export const runSettingsSchema = z.object({
  personas: z.object({
    /** An absolute path, {@link STANDARD_INPUT} or {@link SHIPPED_PERSONAS}. */
    source: z.string(),
    ...selection,
  }),
  ...making,
  ...batching,
  seed: z.int(),
  maxCalls: z.int(),
  /** Runs of before there was a choice have errors. */
  errors: z.boolean().default(true),
  /** Those of before there was a choice are in the paper's form. */
  wire: making.wire.unwrap().default("paper"),
  briefDungeonMaster: z.boolean().default(false),
  /** Where several models write, its name is all of their names, and what it says holds for all of them. */
  model: modelChoiceSchema,
  /** The several models by name. */
  writers: z.record(z.string(), writerChoiceSchema).exactOptional(),
});

/** Everything that shapes what a run produces, the same for all of its parts. */
export type RunSettings = Readonly<z.infer<typeof runSettingsSchema>>;

/** How Algorithm 1 is run with what a `run.json` says, also one of another version. */
export function synthesisOf(settings: unknown): {
  readonly maximumCalls: number;
  readonly errors: "refined" | "none";
  readonly form: { readonly wire: RunSettings["wire"]; readonly briefDungeonMaster: boolean };
} {
  const known = made.partial().safeParse(settings).data ?? {};
  const { maxCalls = 4, errors = true, wire = "paper", briefDungeonMaster = false } = known;
  return {
    maximumCalls: maxCalls,
    errors: errors ? "refined" : "none",
    form: { wire, briefDungeonMaster },
  };
}

/** Whether a run is asked in batches, by a service or in files. */
export function isBatched({ batch, batchFiles }: Pick<RunSettings, "batch" | "batchFiles">): boolean {
  return batch === true || batchFiles !== undefined;
}

/** Whether a server binds replies to their form, of one of several writers at least. */
export function isBound({ model, writers = {} }: Pick<PartialRunSettings, "model" | "writers">): boolean {
  return [model, ...Object.values(writers)].some(({ structured }) => structured === true);
}

/** Settings of which some may be left out. */
export interface PartialRunSettings extends Partial<Omit<RunSettings, "personas" | "model">> {
  readonly personas: Partial<RunSettings["personas"]>;
  readonly model: Partial<ModelChoice>;
}

/** The settings of a run among those that were given; `source` is where its personas are. */
export function givenRun(config: GenerateConfig, source: string | undefined): PartialRunSettings {
  const writers = writersOf(config);
  const model = writers === undefined ? {} : { model: Object.keys(writers).sort().join(",") };
  return {
    personas: { ...(source === undefined ? {} : { source }), ...chosenPersonas.parse(config) },
    ...made.parse(config),
    ...inBatches.parse(config),
    model: givenModel({ ...config, ...model }),
    ...(writers === undefined
      ? {}
      : {
          writers: Object.fromEntries(
            Object.entries(writers).map(([name, writer]) => [name, givenWriter(writer)]),
          ),
        }),
  };
}

/** The settings of a new run: those given, with defaults for what every run has. Throws AgentRefineError. */
export function completeRun(given: PartialRunSettings, name: string): RunSettings {
  const {
    personas,
    model,
    writers,
    batch,
    batchFiles,
    seed = 1,
    maxCalls = 4,
    errors = true,
    offlineFaults = 1,
  } = given;
  const isOffline = name === OFFLINE || Object.keys(writers ?? {}).includes(OFFLINE);
  const { wire = "paper", briefDungeonMaster = false } = given;
  if (wire === "sparse" && isBound(given)) {
    throw new AgentRefineError("--structured needs every key, and --wire sparse leaves some out", {
      fix: "Take --wire compact with --structured.",
    });
  }
  return {
    personas: { source: SHIPPED_PERSONAS, ...personas },
    seed,
    maxCalls,
    errors,
    wire,
    briefDungeonMaster,
    model: { maxTokens: 8192, ...model, name },
    ...(isOffline ? { offlineFaults } : {}),
    ...defined({ writers, batch, batchFiles }),
  };
}
