import { AgentRefineError } from "../errors.ts";
import type { TemplateName } from "../tokens/template.ts";

/** A value that an engine's configuration can hold. */
export type EngineValue =
  | string
  | number
  | boolean
  | null
  | readonly EngineValue[]
  | { readonly [key: string]: EngineValue };

/** How many graphics cards there are; none means training on the processor. */
export interface Hardware {
  readonly nodes: number;
  readonly gpusPerNode: number;
}

/** A training as the user asks for it. What is left out is the paper's (App. D). */
export interface RecipeSettings {
  readonly model: string;
  /** Which template the data was tokenised with. */
  readonly template: TemplateName;
  /** The tokenizer folder that the data is made with; the model's own when left out. */
  readonly tokenizer?: string | undefined;
  readonly hardware: Hardware;
  /** The model's parameters in thousands of millions; taken from its name when left out. */
  readonly billions?: number | undefined;
  /** All parameters, or adapters of rank 16 on all linear layers; all when left out. */
  readonly method?: "full" | "lora" | undefined;
  /** The most tokens of a row, cut at a turn: 8192, or 4096 from 70B parameters on. */
  readonly maxTokens?: number | undefined;
  /** Rows of one step of the optimizer: 64. They are `perDevice` (1) x `accumulation` (worked out) x devices. */
  readonly batch?: number | undefined;
  readonly perDevice?: number | undefined;
  readonly accumulation?: number | undefined;
  readonly epochs?: number | undefined;
  /** Any keys of the engine's own configuration; they stand over what is written otherwise. */
  readonly engineKeys?: Readonly<Record<string, EngineValue>> | undefined;
}

/** Everything that may be left out of a type, given. */
type Full<Settings> = { readonly [Key in keyof Settings]-?: NonNullable<Settings[Key]> };

/** A training in full, from which the files of each engine are made. */
export interface Recipe extends Full<Omit<RecipeSettings, "billions">> {
  readonly learningRate: number;
  /** Whether the model's states are spread over the cards (ZeRO-3), and moved to main memory when there is only one. */
  readonly deepSpeed: "none" | "zero3" | "zero3-offload";
  /** The size that was taken because nothing told the model's, in thousands of millions of parameters. */
  readonly assumedBillions: number | undefined;
  readonly engineKeys: Readonly<Record<string, EngineValue>>;
}

/** Rows of one step of the optimizer (App. D). */
const BATCH = 64;
/** The highest, at the beginning (App. D). */
const LEARNING_RATE = 5e-6;
/** A model whose size nothing tells, in thousands of millions of parameters: the paper's smaller ones (Sec. 4.1). */
const USUAL_BILLIONS = 8;
/** From so many thousands of millions of parameters on, rows are 4096 tokens long instead of 8192 (App. D). */
const LARGE = 70;
/** What one card of 80 GB holds with 16 bytes for each parameter, or with LoRA 2, and room for activations. */
const FULL_ON_ONE_CARD = 3;
const LORA_ON_ONE_CARD = 30;

/** A model's name without its owner, or the folders that it lies in. */
export function modelName(model: string): string {
  return model.split("/").at(-1) ?? model;
}

/** The size that a model's name tells, such as 8 in `Meta-Llama-3-8B`, in thousands of millions of parameters. */
export function billionsInName(model: string): number | undefined {
  const found = /(?:^|[-_])(\d+(?:\.\d+)?)([bm])(?=$|[-_.])/i.exec(modelName(model));
  if (found === null) return undefined;
  return Number(found[1]) / (found[2]?.toLowerCase() === "m" ? 1000 : 1);
}

function deepSpeedFor(billions: number, method: Recipe["method"], devices: number): Recipe["deepSpeed"] {
  const fits = method === "full" ? FULL_ON_ONE_CARD : LORA_ON_ONE_CARD;
  if (devices === 0 || billions <= fits) return "none";
  return devices === 1 ? "zero3-offload" : "zero3";
}

/** Rows of a step on one device, and steps that are gathered; refused when they do not make up the batch. */
function batchOf(
  settings: RecipeSettings,
  devices: number,
): Pick<Recipe, "perDevice" | "accumulation" | "batch"> {
  const { batch = BATCH, perDevice = 1 } = settings;
  const fitting = batch / (perDevice * devices);
  const accumulation = settings.accumulation ?? fitting;
  if (Number.isInteger(perDevice) && perDevice > 0 && Number.isInteger(accumulation) && accumulation > 0) {
    if (perDevice * accumulation * devices === batch) return { perDevice, accumulation, batch };
  }
  const rows = `${perDevice} ${perDevice === 1 ? "row" : "rows"}`;
  const spread = devices === 1 ? `${rows} on one device` : `${rows} on each of ${devices} devices`;
  const steps = settings.accumulation === undefined ? "" : ` and an accumulation of ${accumulation}`;
  throw new AgentRefineError(`a batch of ${batch} cannot be made of ${spread}${steps}`, {
    fix:
      Number.isInteger(fitting) && fitting > 0
        ? `Use 'accumulation' ${fitting}, or say with 'batch' that another batch is meant.`
        : `Use numbers of devices and rows that divide ${batch}, or say with 'batch' that another is meant.`,
  });
}

/**
 * A training in full: the paper's recipe where nothing else is asked for (App. D: learning rate 5e-6, cosine without
 * warm-up, batch 64, 10 epochs, 8192 tokens or 4096 for 70B models, all parameters, DeepSpeed ZeRO-3 where the size
 * asks for it).
 *
 * @throws AgentRefineError when rows, accumulation and devices do not make the batch
 */
export function recipeOf(settings: RecipeSettings): Recipe {
  const { model, template, hardware, method = "full", epochs = 10 } = settings;
  const cards = hardware.nodes * hardware.gpusPerNode;
  const known = settings.billions ?? billionsInName(model);
  const billions = known ?? USUAL_BILLIONS;
  return {
    model,
    template,
    tokenizer: settings.tokenizer ?? model,
    hardware,
    method,
    maxTokens: settings.maxTokens ?? (billions >= LARGE ? 4096 : 8192),
    ...batchOf(settings, Math.max(cards, 1)),
    epochs,
    learningRate: LEARNING_RATE,
    deepSpeed: deepSpeedFor(billions, method, cards),
    assumedBillions: known === undefined ? USUAL_BILLIONS : undefined,
    engineKeys: settings.engineKeys ?? {},
  };
}
