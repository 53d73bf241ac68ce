import type { FlagParametersForType } from "@stricli/core";
import { AgentRefineError } from "../../errors.ts";
import type { TemplateName } from "../../tokens/template.ts";
import type { TrainingEngineName } from "../../training/engines.ts";
import { marker, valued } from "../flags.ts";
import { helpWords } from "../help-words.ts";
import { number, text, whole } from "../parse-value.ts";
import type { CliContext } from "../terminal/host.ts";
import { trainHelp } from "../train-help.ts";

/** The flags of `train`. */
export interface TrainFlags {
  readonly engine: TrainingEngineName;
  readonly model: string;
  readonly tokenizer?: string | undefined;
  readonly template: TemplateName;
  readonly out: string;
  readonly dryRun?: boolean | undefined;
  /** Thousands of millions of parameters. */
  readonly size?: number | undefined;
  readonly epochs?: number | undefined;
  readonly steps?: number | undefined;
  readonly lora?: boolean | undefined;
  readonly gpus?: number | undefined;
  readonly nodes?: number | undefined;
  readonly perDevice?: number | undefined;
  readonly accumulation?: number | undefined;
  readonly batch?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly set?: readonly string[] | undefined;
  readonly python?: string | undefined;
  readonly force?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const brief = trainHelp.flags;

/** A size such as `8b`, in thousands of millions of parameters. */
export function size(input: string): number {
  const found = /^(\d+(?:\.\d+)?)b$/i.exec(input)?.[1];
  if (found !== undefined && Number(found) > 0) return Number(found);
  throw new AgentRefineError(`"${input}" is not a size such as 8b, 1.5b or 70b`);
}

/** Flags of `train`. */
export const TRAIN_FLAGS: FlagParametersForType<TrainFlags, CliContext> = {
  engine: { kind: "enum", values: ["llamafactory", "trl", "axolotl"], brief: brief.engine },
  model: { kind: "parsed", brief: brief.model, parse: text },
  tokenizer: valued(brief.tokenizer, text),
  template: { kind: "enum", values: ["llama3", "mistral", "qwen", "tokenizer"], brief: brief.template },
  out: { kind: "parsed", brief: brief.out, parse: text },
  dryRun: marker(brief.dryRun),
  size: valued(brief.size, size),
  epochs: valued(brief.epochs, number({ least: 0.01 })),
  steps: valued(brief.steps, whole({ least: 1 })),
  lora: marker(brief.lora),
  gpus: valued(brief.gpus, whole({ least: 0 })),
  nodes: valued(brief.nodes, whole({ least: 1 })),
  perDevice: valued(brief.perDevice, whole({ least: 1 })),
  accumulation: valued(brief.accumulation, whole({ least: 1 })),
  batch: valued(brief.batch, whole({ least: 1 })),
  maxTokens: valued(brief.maxTokens, whole({ least: 1 })),
  set: { ...valued(brief.set, text), variadic: true },
  python: valued(brief.python, text),
  force: marker(brief.force),
  quiet: marker(helpWords.flags.quiet),
  json: marker(helpWords.flags.json),
};
