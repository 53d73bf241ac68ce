import * as z from "zod";
import { AgentRefineError } from "../../errors.ts";
import type { Provider } from "../../model/providers.ts";
import { pick } from "../pick.ts";
import { modelWords } from "../words.ts";
import { secretField } from "./secret-field.ts";

/** The model of a run and how it is asked: what shapes its replies. Saved in `run.json`. */
export interface ModelChoice {
  readonly name: string;
  readonly provider?: Provider;
  readonly baseUrl?: string;
  /** The name of the variable with the key. It shapes nothing, but a resumed run needs it. */
  readonly apiKeyEnv?: string;
  readonly stream?: boolean;
  readonly structured?: boolean;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens: number;
  /** The names of further headers; their values may be secrets and are not kept. */
  readonly headers?: readonly string[];
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Checks a model in a `run.json`. */
export const modelChoiceSchema: z.ZodType<ModelChoice> = z.object({
  name: z.string(),
  provider: z.enum(["openai", "anthropic", "ai-sdk"]).exactOptional(),
  baseUrl: z.string().exactOptional(),
  apiKeyEnv: z.string().exactOptional(),
  stream: z.boolean().exactOptional(),
  structured: z.boolean().exactOptional(),
  temperature: z.number().exactOptional(),
  topP: z.number().exactOptional(),
  maxTokens: z.number(),
  headers: z.array(z.string()).exactOptional(),
  body: z.record(z.string(), z.unknown()).exactOptional(),
});

/** What can be given about a model: its name, and headers with their values. */
export interface GivenModel extends Partial<Omit<ModelChoice, "name" | "headers">> {
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was given of a model, as it is saved. Throws AgentRefineError for a body that looks as if it held a key. */
export function modelChoice(given: GivenModel): Partial<ModelChoice> {
  const { model: name, headers } = given;
  const secret = secretField(given.body);
  if (secret !== undefined) {
    throw new AgentRefineError(modelWords.secretField(secret), { fix: modelWords.secretFieldFix });
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...pick(given, ["provider", "baseUrl", "apiKeyEnv", "stream", "structured", "temperature", "topP"]),
    ...pick(given, ["maxTokens", "body"]),
    ...(headers === undefined
      ? {}
      : {
          headers: Object.keys(headers)
            .map((each) => each.toLowerCase())
            .sort(),
        }),
  };
}
