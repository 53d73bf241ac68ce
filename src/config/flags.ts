import * as z from "zod";
import { ENDINGS } from "../agent/agent.ts";
import { EXPORT_ABLATIONS } from "../dataset/ablation.ts";
import { ENGINES, TRAINING_ENGINE_NAMES } from "../dataset/engines.ts";
import { defined } from "../defined.ts";
import { AgentRefineError } from "../errors.ts";
import { asking, count, driving, headers, readTemperature, text } from "./asking.ts";
import { keysOf, marker, needed, oneOf, setting, toggle } from "./setting.ts";
import {
  annotated,
  batching,
  configFile,
  drivingBatches,
  evaluatingModel,
  generating,
  minAcceptance,
  output,
  outside,
  playing,
  readNames,
  retryFailed,
  rows,
  selecting,
  strict,
  suites,
  TEMPLATE_NAMES,
  verbose,
  worlds,
} from "./settings.ts";
import { writers } from "./writers.ts";

// The flags of each command: settings of settings.ts, and those that only one command has.

const port = z.int().min(0).max(65_535);

/** A size such as `8b`, in thousands of millions of parameters. */
function readSize(input: string): number {
  const found = /^(\d+(?:\.\d+)?)b$/i.exec(input)?.[1];
  if (found !== undefined && Number(found) > 0) return Number(found);
  throw new AgentRefineError(`"${input}" is not a size such as 8b, 1.5b or 70b`);
}

export const generateFlags = z.strictObject({
  ...generating,
  ...retryFailed,
  dryRun: marker("Output", "Show the first prompts and the price; buy nothing"),
  ...verbose,
  ...output,
  ...configFile,
});

const { baseUrl, apiKeyEnv } = asking;

export const resumeFlags = z.strictObject({
  baseUrl,
  apiKeyEnv,
  ...headers,
  ...driving,
  ...writers,
  ...drivingBatches,
  ...minAcceptance,
  ...retryFailed,
  ...verbose,
  ...output,
  ...configFile,
});

const { finishLive: _forPersonas, ...episodeBatches } = drivingBatches;

export const evaluateFlags = z.strictObject({
  ...suites,
  ...worlds,
  ...outside,
  ...playing,
  ...evaluatingModel,
  model: setting(z.array(text), "Model", "NAME", "Name of the model that plays as react; can be repeated", {
    repeat: true,
  }),
  batch: batching.batch,
  ...episodeBatches,
  ...retryFailed,
  out: setting(text, "Output", "DIR", "Folder of the evaluation; resumes what is in it", {
    required: "always",
  }),
  details: marker("Output", "Tell of each level and group of the suites too"),
  ...verbose,
  ...output,
  ...configFile,
});

/** How a comparison may be printed: aligned for a terminal, or for a paper's text. */
export const REPORT_FORMATS = ["table", "markdown", "csv", "latex"] as const;

export const compareFlags = z.strictObject({
  paper: marker("Output", "Show the paper's rows too"),
  tables: setting(text, "Output", "N,…", "Further tables of the paper, such as 2,8,11; implies --paper"),
  as: oneOf(REPORT_FORMATS, "Output", "How tables are printed [table on a terminal; markdown elsewhere]"),
  json: marker("Output", "Print one JSON object"),
});

export const serveFlags = z.strictObject({
  suite: setting(z.array(text), "Worlds", "NAME", "Suite to offer, such as babyai", {
    required: "always",
    read: readNames,
  }),
  ...worlds,
  limit: setting(count, "Worlds", "N", "Offer the first N tasks only"),
  split: oneOf(["train", "test"], "Worlds", "Tasks to train on, or those that are scored [train]"),
  seed: setting(z.int(), "Worlds", "N", "Seed of the tasks to train on [1]"),
  perturb: suites.perturb,
  wikipedia: outside.wikipedia,
  recorded: outside.recorded,
  worlds: setting(count, "Server", "N", "Worlds open at once, at most [1024]"),
  port: setting(port, "Server", "N", "Port to listen on; 0 for any that is free [36001]"),
  host: setting(text, "Server", "ADDRESS", "Address to listen on [127.0.0.1]"),
});

const target = {
  engine: oneOf(keysOf(ENGINES), "Rows", "Engine to train with; refuses what it would mistrain"),
  ...rows,
  force: marker("Output", "Replace what is there"),
  ...output,
  ...configFile,
};

const targetObject = z.strictObject(target);

const selection = {
  ablation: oneOf(EXPORT_ABLATIONS, "Data", "Ablation of Table 2 or Table 11"),
  subset: setting(count, "Data", "N", "So many trajectories; small within large ones"),
  seed: setting(z.int(), "Data", "N", "Seed of the subset [1]"),
  ...annotated,
};

export const exportFlags = z.strictObject({
  out: setting(text, "Output", "PATH", "File to write, or folder for hf-disk", { required: "new" }),
  ...target,
  ...selection,
  hub: setting(text, "Hub", "DIR", "Folder to write for the hub, in place of --out"),
  license: setting(text, "Hub", "NAME", "Licence of the data, as the hub names it [other]"),
  personaLicense: setting(text, "Hub", "NAME", "Licence of the personas; known for the shipped ones"),
});

export const mixFlags = z.strictObject({
  agent: setting(z.array(text), "Data", "PATH", "Agent data: folder of a run, or file; can be repeated", {
    required: "always",
    repeat: true,
  }),
  data: setting(z.array(text), "Data", "FILE", "General data; can be repeated", { repeat: true }),
  ratio: setting(z.number().min(0), "Data", "NUMBER", "General rows for each agent row [all there are]"),
  seed: setting(z.int(), "Data", "N", "Seed of the choice and the order [1]"),
  excludeEnvironment: setting(
    z.array(text),
    "Data",
    "NAME",
    "Leave out rows of files whose id names it; can be repeated",
    { repeat: true },
  ),
  ...target,
});

/**
 * A key of an engine's configuration from `key=value`. A value that is JSON is what it says, everything else a text.
 * Throws AgentRefineError when it has not that form.
 */
function readEngineSetting(input: string): readonly [string, unknown] {
  const [, key, value = ""] = /^\s*([A-Za-z][\w.-]*)\s*=([\s\S]*)$/.exec(input) ?? [];
  if (key === undefined) throw new AgentRefineError(`"${input}" is not KEY=VALUE`);
  try {
    return [key, JSON.parse(value)];
  } catch {
    return [key, value.trim()];
  }
}

export const trainFlags = z.strictObject({
  ...selection,
  limit: setting(count, "Data", "N", "The first N rows only"),
  engine: needed(z.enum(TRAINING_ENGINE_NAMES), "Training", undefined, "Engine that trains"),
  model: needed(text, "Training", "MODEL", "Folder of the model, or its id on the Hugging Face hub"),
  tokenizer: setting(text, "Training", "DIR", "Tokenizer folder of the model [the model's folder]"),
  template: needed(z.enum(TEMPLATE_NAMES), "Training", undefined, "How messages become text"),
  epochs: setting(z.number().min(0.01), "Training", "N", "Times that the data is gone through [10]"),
  steps: setting(count, "Training", "N", "End after so many steps"),
  lora: marker("Training", "Train adapters of low rank, not all parameters"),
  batch: setting(count, "Training", "N", "Rows of a step in all [64]"),
  maxTokens: setting(count, "Training", "N", "Tokens of the longest row [8192; 4096 from 70b on]"),
  size: setting(z.number(), "Training", "SIZE", "Parameters, such as 8b or 70b [from name or config.json]", {
    read: readSize,
  }),
  set: setting(
    z.record(z.string(), z.json()),
    "Training",
    "KEY=VALUE",
    "Of the engine's configuration; can be repeated",
    { repeat: true, read: readEngineSetting },
  ),
  gpus: setting(z.int().min(0), "Machines", "N", "Graphics cards of a node; 0 trains on the processor [8]"),
  nodes: setting(count, "Machines", "N", "Nodes [1]"),
  perDevice: setting(count, "Machines", "N", "Rows on a device at once [1]"),
  accumulation: setting(count, "Machines", "N", "Times that gradients are gathered [batch / rows / devices]"),
  python: setting(text, "Machines", "PATH", "Python interpreter that has the engine"),
  out: needed(text, "Output", "DIR", "Folder to write; checkpoints are written to it too"),
  dryRun: marker("Output", "Write the folder only"),
  force: marker("Output", "Replace the folder if it exists, with its checkpoints"),
  ...output,
});

export const mergeFlags = z.strictObject({
  allowMissing: marker("Data", "Merge what there is, though shards or ends of personas are missing"),
  json: output.json,
});

export const personasFlags = z.strictObject({
  ...selecting,
  ...strict,
  seed: setting(z.int(), "Personas", "N", "Seed of the sample [1]"),
  out: needed(text, "Output", "FILE", "File to write"),
  force: target.force,
  json: output.json,
});

export const statusFlags = z.strictObject({ json: output.json });

export const showFlags = z.strictObject({
  limit: setting(count, "Data", "N", "How many to list [20]"),
  page: setting(count, "Data", "N", "Which page of the list [1]"),
  outcome: oneOf(["accepted", "rejected", "failed"], "Data", "List these only"),
  fault: setting(text, "Data", "CODE", "List those only that met this fault"),
  ending: oneOf(ENDINGS, "Data", "List the episodes only that ended so"),
  ...annotated,
  attempt: setting(count, "Data", "N", "Show this attempt at the task ID [1]"),
  call: setting(count, "Data", "N", "Show the prompt and the reply of this call of ID"),
  tokenizer: setting(text, "Rows", "DIR", "Show which tokens of ID are trained, with this tokenizer"),
  template: rows.template,
  maxTokens: rows.maxTokens,
  json: output.json,
});

const lengths = {
  tokenizer: setting(text, "Rows", "DIR", "Tell lengths in tokens too, with this tokenizer folder"),
  template: oneOf(TEMPLATE_NAMES, "Rows", "Count the tokens of this chat template too [texts alone]"),
};

export const statsFlags = z.strictObject({ ...lengths, json: output.json });

export const viewFlags = z.strictObject({
  port: setting(port, "Server", "N", "Port to listen on; 0 for any that is free [7333, else any]"),
  open: toggle("Output", "Open the page in the browser [on]"),
  out: setting(
    text,
    "Output",
    "PATH",
    "Write the pages instead: FILE.html, or a folder, to be sent to others",
  ),
  force: target.force,
  as: setting(text, "Data", "NAME", "Who judges there [git's user.name, else the system's user]"),
  readOnly: marker("Data", "Show no forms: nothing can be said"),
});

const { stream: _judged, structured: _plain, server: _any, ...judging } = asking;

export const annotateFlags = z.strictObject({
  sample: setting(count, "Data", "N", "Trajectories, of each a right and a wrong turn [50]"),
  seed: setting(z.int(), "Data", "N", "Seed of the draw [1]"),
  as: setting(text, "Data", "NAME", "Who judges [git's user.name, else the system's user]"),
  table: marker("Output", "Print how the annotators agree; ask nobody"),
  judge: setting(text, "Model", "NAME", "Let this model judge"),
  ...judging,
  temperature: setting(
    judging.temperature.unwrap(),
    "Model",
    "T",
    "Sampling temperature; none sends none [0]",
    { read: readTemperature },
  ),
  maxTokens: setting(count, "Model", "N", "Most tokens of a reply [4096]"),
  ...headers,
  ...driving,
  concurrency: setting(count, "Server", "N", "Turns at once, at most [64]"),
  retryFailed: setting(z.boolean(), "Retries", undefined, "Ask again where a reply has no verdict"),
  ...verbose,
  ...output,
});

/** How the model of an evaluation was trained: `EVALUATION=ROWS`, `=ROWS+GENERAL`, and a name after a comma. */
function readTrained(input: string): z.infer<typeof trained> {
  const [, evaluation, rows, general, otherwise] =
    /^(.+)=(\d+)(?:\+(\d+))?(?:,(.+))?$/.exec(input.trim()) ?? [];
  if (evaluation === undefined || rows === undefined)
    throw new AgentRefineError(
      `"${input}" is not EVALUATION=ROWS, such as evals/4k=4000 or evals/mixed=4000+16000`,
    );
  return {
    evaluation,
    rows: Number(rows),
    ...defined({ general: general === undefined ? undefined : Number(general), otherwise }),
  };
}

const trained = z.strictObject({
  evaluation: text,
  rows: z.number(),
  general: z.number().exactOptional(),
  otherwise: text.exactOptional(),
});

export const reportFlags = z.strictObject({
  out: needed(text, "Output", "PATH", "FILE.html, or folder with each table and figure as files too"),
  trained: setting(
    z.array(trained),
    "Data",
    "EVALUATION=ROWS",
    "Rows that its model was trained on: ROWS, or ROWS+GENERAL, then ,NAME of an ablation or of the model that wrote them; can be repeated",
    { repeat: true, read: readTrained },
  ),
  seed: setting(z.int(), "Data", "N", "Seed of what Figures 6 and 7 draw of large sets [1]"),
  ...lengths,
  embeddings: setting(
    text,
    "Model",
    "NAME",
    "Compare texts by this embedding model's vectors [by their words]",
  ),
  baseUrl,
  apiKeyEnv,
  map: toggle("Output", "Draw Figure 6, which takes minutes for large sets [on]"),
  png: toggle("Output", "Draw figures as PNG too, with a browser of this machine [on]"),
  force: marker("Output", "Replace what is there"),
  json: output.json,
});

export const verifyFlags = z.strictObject({
  errors: toggle("Trajectories", "Ask for at least two error turns; without: for none [on]"),
  json: marker("Output", "Print verdicts as JSON lines"),
});

export const initFlags = z.strictObject({
  slurm: marker("Machines", "Also write the scripts that run the config in shards on Slurm"),
  kubernetes: marker("Machines", "Also write the manifests that run it in shards on Kubernetes"),
  skypilot: marker("Machines", "Also write the tasks that run it in shards with SkyPilot"),
  shards: setting(count, "Machines", "N", "Shards to split the run into [8]"),
  atOnce: setting(count, "Machines", "N", "Shards that run at the same time, at most [all]"),
  image: setting(
    text,
    "Machines",
    "NAME",
    "Image of the container, built from the Dockerfile [agentrefine:VERSION]",
  ),
  yes: marker("Output", "Ask nothing: the built-in author, which needs no key"),
  force: marker("Output", "Replace files for a cluster that are there"),
  json: output.json,
});

export const dataFlags = z.strictObject({
  from: setting(text, "Data", "PATH", "File, folder or address that has it, for a machine without network"),
  ...output,
});

export const doctorFlags = z.strictObject({
  model: setting(text, "Server", "NAME", "Model whose server is tried with a few short calls"),
  provider: asking.provider,
  baseUrl,
  apiKeyEnv,
  ...headers,
  timeout: driving.timeout,
  python: setting(
    text,
    "Machines",
    "PATH",
    "Python interpreter to look into [AGENTREFINE_PYTHON, else python3]",
  ),
  agentboard: worlds.agentboard,
  json: output.json,
});

export const noFlags = z.strictObject({});

export type GenerateFlags = Readonly<z.infer<typeof generateFlags>>;
export type ResumeFlags = Readonly<z.infer<typeof resumeFlags>>;
export type MergeFlags = Readonly<z.infer<typeof mergeFlags>>;
export type PersonasFlags = Readonly<z.infer<typeof personasFlags>>;
export type StatusFlags = Readonly<z.infer<typeof statusFlags>>;
export type EvaluateFlags = Readonly<z.infer<typeof evaluateFlags>>;
export type CompareFlags = Readonly<z.infer<typeof compareFlags>>;
export type ServeFlags = Readonly<z.infer<typeof serveFlags>>;
export type TargetFlags = Readonly<z.infer<typeof targetObject>>;
export type ExportFlags = Readonly<z.infer<typeof exportFlags>>;
export type MixFlags = Readonly<z.infer<typeof mixFlags>>;
export type TrainFlags = Readonly<z.infer<typeof trainFlags>>;
export type ShowFlags = Readonly<z.infer<typeof showFlags>>;
export type StatsFlags = Readonly<z.infer<typeof statsFlags>>;
export type ViewFlags = Readonly<z.infer<typeof viewFlags>>;
export type AnnotateFlags = Readonly<z.infer<typeof annotateFlags>>;
export type ReportFlags = Readonly<z.infer<typeof reportFlags>>;
export type VerifyFlags = Readonly<z.infer<typeof verifyFlags>>;
export type InitFlags = Readonly<z.infer<typeof initFlags>>;
export type DataFlags = Readonly<z.infer<typeof dataFlags>>;
export type DoctorFlags = Readonly<z.infer<typeof doctorFlags>>;
