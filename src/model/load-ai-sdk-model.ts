import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AgentRefineError, errorMessage, systemErrorCode } from "../errors.ts";
import { type AiSdkLanguageModel, type AiSdkOptions, aiSdkModel } from "./ai-sdk.ts";
import type { ChatModel } from "./chat-model.ts";

/** A provider of the AI SDK: a function from a model's name to the model. */
type Provider = (modelId: string) => unknown;

const PACKAGE_AND_MODEL = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*):(.+)$/i;

/**
 * The model that `text` names, such as `@ai-sdk/google:gemini-2.5-pro`. The provider's package is imported, from
 * beside this package or from `folder`, and its provider function is called with the model's name; the key is
 * the package's own affair. Throws AgentRefineError.
 */
export async function loadAiSdkModel(
  text: string,
  options: AiSdkOptions,
  folder: string = process.cwd(),
): Promise<ChatModel> {
  const [, packageName, modelId] = PACKAGE_AND_MODEL.exec(text) ?? [];
  if (packageName === undefined || modelId === undefined) {
    throw new AgentRefineError(`"${text}" does not name a model of the AI SDK`, {
      fix: "Write the provider's package and the model's name, such as @ai-sdk/google:gemini-2.5-pro.",
    });
  }
  const provider = findProvider(await importPackage(packageName, folder));
  if (provider === undefined) {
    throw new AgentRefineError(`the package ${packageName} exports no provider of the AI SDK`, {
      fix: "Name a package that exports one ready to use, such as @ai-sdk/google.",
    });
  }
  const model = provider(modelId);
  if (!isLanguageModel(model)) {
    throw new AgentRefineError(`the package ${packageName} made no language model of "${modelId}"`, {
      fix: "Use a provider package for the AI SDK 5 or later.",
    });
  }
  return aiSdkModel(model, modelId, options);
}

async function importPackage(name: string, folder: string): Promise<object> {
  try {
    return await import(name);
  } catch (error) {
    if (systemErrorCode(error) !== "ERR_MODULE_NOT_FOUND") throw broken(name, error);
  }
  try {
    const path = createRequire(join(folder, "package.json")).resolve(name);
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (systemErrorCode(error) !== "MODULE_NOT_FOUND") throw broken(name, error);
    throw new AgentRefineError(`the package ${name} is not installed`, { fix: `Run: npm install ${name}` });
  }
}

function broken(name: string, error: unknown): AgentRefineError {
  return new AgentRefineError(`the package ${name} cannot be loaded: ${errorMessage(error)}`, {
    fix: `Run: npm install ${name}`,
    cause: error,
  });
}

/** The default export when it is a provider, else the first export that is one. */
function findProvider(module: object): Provider | undefined {
  const values: unknown[] =
    "default" in module ? [module.default, ...Object.values(module)] : Object.values(module);
  return values.find(isProvider);
}

/** Providers are functions that also have a method `languageModel`; their factories have none. */
function isProvider(value: unknown): value is Provider {
  return typeof value === "function" && "languageModel" in value && typeof value.languageModel === "function";
}

function isLanguageModel(value: unknown): value is AiSdkLanguageModel {
  return (
    typeof value === "object" &&
    value !== null &&
    "modelId" in value &&
    "doGenerate" in value &&
    "doStream" in value &&
    typeof value.doGenerate === "function" &&
    typeof value.doStream === "function"
  );
}
