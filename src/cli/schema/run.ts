import * as z from "zod";
import { annotationSchema } from "../../annotation/annotation.ts";
import { batchEventSchema } from "../../batch/standing.ts";
import { runSettingsSchema } from "../../config/run-settings.ts";
import { aboutOf } from "../../config/setting.ts";
import { configSchema } from "../../config/settings.ts";
import { episodeSchema } from "../../evaluation/episode.ts";
import { evaluationSettingsSchema } from "../../evaluation/settings.ts";
import { didYouMean } from "../../spelling.ts";
import { callRecordSchema, personaLineSchema, synthesisRecordSchema } from "../../synthesis/record.ts";
import { UsageError } from "../failure.ts";
import type { Host } from "../terminal/host.ts";

/** A `run.json` around its settings. */
function runJson(settings: z.ZodType): z.ZodType {
  return z.object({
    format: z.literal(1),
    createdAt: z.string(),
    agentrefine: z.string(),
    settings,
    prices: z.unknown(),
  });
}

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  config: configSchema,
  run: runJson(runSettingsSchema),
  evaluation: runJson(evaluationSettingsSchema),
  personas: personaLineSchema,
  calls: callRecordSchema,
  batches: batchEventSchema,
  syntheses: synthesisRecordSchema,
  episodes: episodeSchema,
  annotations: annotationSchema,
};

/** `agentrefine schema`: the JSON Schema of a file, made from the schema that checks it. */
export async function runSchema({ stdout }: Host, _flags: object, name = ""): Promise<void> {
  stdout.write(schemaText(name));
}

/** The JSON Schema of a file as text. Throws UsageError for a name that there is not. */
export function schemaText(name: string): string {
  const names = Object.keys(SCHEMAS);
  const schema = SCHEMAS[name];
  if (schema === undefined) {
    throw new UsageError(`there is no schema ${name}${didYouMean(name, names)}`, {
      fix: `The schemas are ${names.join(", ")}.`,
    });
  }
  const json = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const about = zodSchema instanceof z.ZodType ? aboutOf(zodSchema) : undefined;
      if (about !== undefined) jsonSchema.description = about.help;
    },
  });
  return `${JSON.stringify({ title: `agentrefine ${name}`, ...json }, null, 2)}\n`;
}
