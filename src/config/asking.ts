import * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import { parsePrice } from "../model/money.ts";
import { PROVIDERS } from "../model/providers.ts";
import { SERVER_KINDS } from "../model/server-limits.ts";
import { oneOf, setting, toggle } from "./setting.ts";

// The settings of every command that asks a model: how it is asked, and how it is driven.

export const text = z.string().min(1);
export const count = z.int().min(1);
const dollars = z.number().min(0);
export const share = z.number().min(0).max(1);

/** A header as `[name, value]`. The value may be a secret, so no message shows it. */
function readHeader(input: string): readonly [string, string] {
  const [, name, value] = /^\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*:\s*(.*?)\s*$/.exec(input) ?? [];
  if (name !== undefined && value !== undefined && value !== "") return [name.toLowerCase(), value];
  throw new AgentRefineError('a header is given as "Name: value"');
}

/** What may be sent with every request, with the values that providers take. */
export const sampling = {
  temperature: setting(
    z.union([z.number().min(0), z.literal("none")]),
    "Model",
    "T",
    "Sampling temperature; none sends none [not sent]",
    { read: readTemperature },
  ),
  topP: setting(share, "Model", "P", "Nucleus sampling [not sent]"),
  maxTokens: setting(count, "Model", "N", "Most tokens of a reply [8192]"),
};

/** A temperature, or none. Throws AgentRefineError. */
export function readTemperature(input: string): number | "none" {
  if (input === "none") return input;
  const value = Number(input);
  if (input.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new AgentRefineError(`"${input}" is not a number of at least 0, nor none`);
}

/** How a model is asked: what shapes its replies. */
export const asking = {
  provider: oneOf(PROVIDERS, "Server", "Protocol [from the address and the name]"),
  baseUrl: setting(text, "Server", "URL", "Address of the server, such as http://localhost:8000/v1"),
  apiKeyEnv: setting(text, "Server", "VARIABLE", "Variable that holds the key"),
  stream: toggle("Model", "Stream replies, to stop them at a fault [on]"),
  structured: toggle("Model", "Have the server keep replies to their form and to the script's actions"),
  server: oneOf(SERVER_KINDS, "Server", "What the server is, for --structured [asked of it]"),
  ...sampling,
  body: setting(z.record(z.string(), z.unknown()), "Model", "JSON", "Further fields of each request"),
};

export const headers = {
  headers: setting(
    z.record(z.string(), z.string()),
    "Server",
    '"NAME: VALUE"',
    "Further header; can be repeated, values are never saved",
    { flag: "header", repeat: true, read: readHeader },
  ),
};

/** How the model is driven; none of it is saved, and it may differ each time. */
export const driving = {
  concurrency: setting(count, "Server", "N", "Personas at once, at most [64; offline 16; in batches 20000]"),
  timeout: setting(
    z.number().min(0.1),
    "Retries",
    "SECONDS",
    "Silence after which a call is given up and retried [120]",
  ),
  maxAttempts: setting(count, "Retries", "N", "How often a call that breaks is made in all [6]"),
  maxCost: setting(dollars, "Money", "DOLLARS", "What it may cost in all"),
  prices: setting(text, "Money", "FILE", "Price list to lay over the shipped one"),
  price: setting(
    z.strictObject({ prompt: dollars, cachedPrompt: dollars.exactOptional(), completion: dollars }),
    "Money",
    "PROMPT,COMPLETION",
    "Dollars for a million tokens of each, such as 2.5,10",
    { read: parsePrice },
  ),
};
