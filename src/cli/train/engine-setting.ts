import { z } from "zod";
import { AgentRefineError } from "../../errors.ts";
import type { EngineValue } from "../../training/recipe.ts";
import { trainWords } from "../train-words.ts";

/** A key as the engines name theirs. */
const KEY = /^[A-Za-z][\w.-]*$/;
const valueSchema: z.ZodType<EngineValue> = z.json();

function settingValue(input: string): EngineValue {
  try {
    return valueSchema.parse(JSON.parse(input));
  } catch {
    return input;
  }
}

/**
 * A key of an engine's configuration from `key=value`. A value that is JSON is what it says, everything else a text.
 *
 * @throws AgentRefineError when it has not that form
 */
export function engineSetting(input: string): readonly [string, EngineValue] {
  const at = input.indexOf("=");
  const key = input.slice(0, Math.max(at, 0)).trim();
  if (!KEY.test(key)) throw new AgentRefineError(trainWords.notASetting(input));
  return [key, settingValue(input.slice(at + 1).trim())];
}
