import type { EngineName } from "../../dataset/formats/engines.ts";

/** An engine for which a training can be written. */
export type TrainingEngineName = Extract<EngineName, "llamafactory" | "trl" | "axolotl">;
