import * as z from "zod";
import { readCondition } from "../annotation/condition.ts";
import { FORMATS, type FormatName } from "../dataset/formats.ts";
import { COMPATS } from "../environment/suite.ts";
import { PERTURBATIONS } from "../environment/suites.ts";
import { asking, count, driving, headers, readTemperature, sampling, share, text } from "./asking.ts";
import { keysOf, marker, oneOf, setting, toggle } from "./setting.ts";
import { writers } from "./writers.ts";

// Every setting of the program, declared once: flags, help, the config file and its checks, types and JSON Schemas
// follow from here.

const modelName = {
  model: setting(
    text,
    "Model",
    "NAME",
    "Name of the model; offline is the built-in author; several as a,b or a=0.7,b=0.3",
    { required: "new" },
  ),
};

export const output = {
  quiet: marker("Output", "Show no progress"),
  json: marker("Output", "Print one JSON object on stdout"),
};

export const verbose = {
  verbose: marker("Output", "Tell of each request: sent, answered, refused, retried, slow"),
};

export const configFile = {
  config: setting(text, "Output", "FILE", "Config file [agentrefine.config.ts, .js or .json]"),
};

export const retryFailed = {
  retryFailed: marker("Retries", "Try again what failed"),
};

/** Which personas of a source are taken. */
export const selecting = {
  field: setting(text, "Personas", "NAME", "Field of a JSON line that has the persona [persona]"),
  sample: setting(count, "Personas", "N", "Take a random sample; a larger one holds the smaller"),
  limit: setting(count, "Personas", "N", "Take the first N; a larger one later lets the run grow"),
  nearDuplicates: setting(
    z.number().min(0.01).max(1),
    "Personas",
    "SHARE",
    "Leave out personas as similar as this (Jaccard), 0.01 to 1",
  ),
};

/** Which personas a run takes. */
export const selection = {
  ...selecting,
  shard: setting(
    text,
    "Personas",
    "I/N",
    "Of those only every N-th from I on, 0/N to N-1/N; auto/N: of a Slurm array or an indexed Job",
  ),
};

/** What a run is made by, beside its personas and its model. */
export const making = {
  seed: setting(z.int(), "Trajectories", "N", "Seed of everything random [1]"),
  maxCalls: setting(z.int().min(2), "Trajectories", "N", "Calls for each persona, the script's included [4]"),
  errors: toggle("Trajectories", "Errors with refinements; without: the set of Table 2 [on]"),
  wire: oneOf(
    ["paper", "compact", "sparse"],
    "Trajectories",
    "Form of the replies; the others need fewer tokens [paper]",
  ),
  briefDungeonMaster: toggle("Trajectories", "Ask for dungeon master thoughts of one sentence"),
  offlineFaults: setting(
    z.number().min(0),
    "Trajectories",
    "SCALE",
    "Scale of the offline author's faults, 0 for none [1]",
  ),
};

/** Whether a run is asked in batches, which is fixed for the whole run. */
export const batching = {
  batch: marker("Batches", "Ask through the provider's batch service: about half the price, slow"),
  batchFiles: setting(
    text,
    "Batches",
    "DIR",
    "Write batches as files there for `vllm run-batch`, and read its answers",
  ),
};

/** How batches are driven; none of it is saved, and it may differ each time. */
export const drivingBatches = {
  batchSize: setting(count, "Batches", "N", "Requests of a batch, at most [2000]"),
  batchHours: setting(
    z.number().min(0.1),
    "Batches",
    "HOURS",
    "Cancel what is open of a batch after so long, and ask it again [20]",
  ),
  wait: toggle("Batches", "Wait for batches; without: submit, and fetch with a later resume [on]"),
  finishLive: marker("Batches", "Ask the last personas live, when fewer than 1 % are left"),
};

/** A condition on what is said of a trajectory, as it was given. */
function readAnnotated(input: string): string {
  readCondition(input);
  return input.trim();
}

/** Which trajectories are taken by what is said of them. */
export const annotated = {
  only: setting(
    z.array(text),
    "Data",
    "WHAT",
    "Those only with tag=NAME, thumbs=up, note or annotator=NAME; can be repeated",
    { repeat: true, read: readAnnotated },
  ),
  without: setting(z.array(text), "Data", "WHAT", "Those only without it; can be repeated", {
    repeat: true,
    read: readAnnotated,
  }),
};

export const strict = {
  strict: toggle("Personas", "End at the first bad line of the personas"),
};

export const minAcceptance = {
  minAcceptance: setting(share, "Output", "SHARE", "Exit with 3 when fewer are accepted, 0 to 1"),
};

const runFolder = {
  out: setting(text, "Output", "DIR", "Folder of the run; resumes what is in it", {
    required: "new",
  }),
};

export const generating = {
  ...selection,
  ...strict,
  ...making,
  ...modelName,
  ...writers,
  ...asking,
  ...headers,
  ...driving,
  ...batching,
  ...drivingBatches,
  ...minAcceptance,
  ...runFolder,
};

/** What a config file may hold for `generate` and `resume`. */
const generateConfig = z.strictObject({ personas: text.exactOptional(), ...generating });

/** Which worlds are played, and how. */
export const worlds = {
  agentboard: setting(text, "Worlds", "DIR", "Folder with AgentBoard's labels and problems"),
  compat: oneOf(
    COMPATS,
    "Worlds",
    "Rules of the worlds; plain ones mend the quirks of AgentBoard's [agentboard]",
  ),
  limit: setting(count, "Worlds", "N", "The first N tasks of each suite; a larger one lets it grow"),
  sample: setting(count, "Worlds", "N", "N tasks of each suite, alike from all its groups"),
};

/** The names in a list such as `pddl,babyai`, each once. */
export function readNames(input: string): readonly string[] {
  return [...new Set(input.split(",").map((name) => name.trim()))];
}

export const suites = {
  suite: setting(
    z.array(text),
    "Worlds",
    "NAMES",
    "Suites to play, such as pddl,babyai; all; held-out (App. A)",
    { required: "new", read: readNames },
  ),
  perturb: oneOf(PERTURBATIONS, "Worlds", "Say the actions in other words (App. K)"),
};

/** What the worlds of some suites ask. */
export const outside = {
  judge: setting(text, "Worlds", "MODEL", "Model that grades the answers of mt-bench"),
  judgeBaseUrl: setting(text, "Server", "URL", "Address of the judge's server [that of its name's provider]"),
  judgeApiKeyEnv: setting(text, "Server", "VARIABLE", "Variable that holds the key of the judge"),
  rejudge: setting(
    text,
    "Worlds",
    "EVALUATION",
    "Grade the answers of an evaluation again, in another --out",
  ),
  wikipedia: setting(
    text,
    "Worlds",
    "URL",
    "Mirror of Wikipedia for hotpotqa, such as http://localhost:8080",
  ),
  recorded: setting(text, "Worlds", "DIR", "Folder of pages that were kept before; no network is asked"),
};

/** The agents that can be named. */
export const AGENTS = ["react", "expert", "random", "replay"] as const;

/** Who plays, and for how long. */
export const playing = {
  agent: oneOf(AGENTS, "Player", "Who plays [react; replay with --replay]"),
  replay: setting(text, "Player", "FILE", "File with the actions to play again"),
  reflexion: setting(z.int().min(2), "Player", "N", "Trials with Reflexion, the first included (App. G)"),
  example: toggle("Player", "Show a worked example in the instruction [on]"),
  samples: setting(count, "Player", "N", "Attempts at each task, for Best-of-N [1]"),
  maxTurns: setting(count, "Player", "N", "Turns of an episode, at most [the suite's: mostly 30]"),
  seed: setting(z.int(), "Player", "N", "Seed of everything random [1]"),
};

const evaluating = {
  model: setting(text, "Model", "NAME", "Name of the model that plays as react"),
  ...asking,
  temperature: setting(
    sampling.temperature.unwrap(),
    "Model",
    "T",
    "Sampling temperature; none sends none [0; 1 with several --samples]",
    { read: readTemperature },
  ),
  maxTokens: setting(count, "Model", "N", "Most tokens of a reply [1024]"),
  stream: toggle("Model", "Stream replies [on]"),
  ...headers,
  ...driving,
  concurrency: setting(
    count,
    "Server",
    "N",
    "Episodes at once, at most [64; without a model 4; in batches all]",
  ),
};

export const { structured: _forGenerate, server: _isForIt, ...evaluatingModel } = evaluating;

/** What a config file may hold for `evaluate`: the model that plays, how it is asked, and how it is driven. */
const evaluateConfig = z.strictObject(evaluatingModel);

/** The chat templates of the tokenised formats; `tokenizer` is the tokenizer folder's own. */
export const TEMPLATE_NAMES = ["llama3", "mistral", "qwen", "tokenizer"] as const;

export const rows = {
  format: oneOf(keysOf(FORMATS), "Rows", "What a row is [what --engine is best given; conversations]"),
  tokenizer: setting(text, "Rows", "DIR", "Folder with tokenizer.json and tokenizer_config.json"),
  template: oneOf(TEMPLATE_NAMES, "Rows", "Chat template; tokenizer is the folder's own"),
  maxTokens: setting(count, "Rows", "N", "Most tokens of a row, which is cut at a turn [8192]"),
};

/** What a config file may hold for `export` and `mix`. */
const exportConfig = z.strictObject(rows);

/** The whole of a config file. */
export const configSchema = z.strictObject({
  /** Where an editor finds the JSON Schema of the file. */
  $schema: z.string().exactOptional(),
  generate: generateConfig.exactOptional(),
  export: exportConfig.exactOptional(),
  evaluate: evaluateConfig.exactOptional(),
});

/** What the tokens of a model cost, in dollars for a million of them. */
export type ConfigPrice = Readonly<z.infer<(typeof driving)["price"]>>;
/** Settings of `agentrefine generate`; each is also a flag, which goes over the config file. */
export type GenerateConfig = Readonly<z.infer<typeof generateConfig>>;
/** Settings of `agentrefine evaluate`, for new evaluations; each is also a flag, which goes over the config file. */
export type EvaluateConfig = Readonly<z.infer<typeof evaluateConfig>>;
/** Settings of `agentrefine export` and `mix`; each is also a flag, which goes over the config file. */
export type ExportConfig = Readonly<z.infer<typeof exportConfig>>;
/** One of the formats of `agentrefine export`. */
export type ExportFormat = FormatName;
/** The content of `agentrefine.config.ts`, `.js` or `.json`. */
export type Config = Readonly<z.infer<typeof configSchema>>;

/**
 * Gives a config file its types.
 *
 * @example
 * ```ts
 * // agentrefine.config.ts
 * import { defineConfig } from "agentrefine";
 *
 * export default defineConfig({
 *   generate: { out: "runs/first", model: "gpt-4o", sample: 500, maxCost: 40 },
 * });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
