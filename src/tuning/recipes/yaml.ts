import type { EngineValue } from "./recipe.ts";

/** A text that means itself without quotes; one that begins with a point can be a number or the end of a document. */
const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./@-]*$/;
/** Words that YAML reads as something else than a text. */
const RESERVED = /^(?:true|false|yes|no|on|off|null|y|n|~)$/i;

function scalar(value: EngineValue): string {
  if (typeof value === "string")
    return PLAIN.test(value) && !RESERVED.test(value) ? value : JSON.stringify(value);
  if (typeof value !== "number" || !String(value).includes("e")) return JSON.stringify(value);
  // YAML 1.1, which Python's reader speaks, takes an exponent without a point for a text.
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}e${exponent}`;
}

function isNested(
  value: EngineValue,
): value is readonly EngineValue[] | { readonly [key: string]: EngineValue } {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function entry(prefix: string, value: EngineValue, indent: string): readonly string[] {
  if (!isNested(value)) return [value === null ? prefix : `${prefix} ${scalar(value)}`];
  const [first = "", ...rest] = lines(value, `${indent}  `);
  return prefix.endsWith("-") ? [`${prefix} ${first.trimStart()}`, ...rest] : [prefix, first, ...rest];
}

function lines(value: EngineValue, indent: string): readonly string[] {
  if (!isNested(value)) return [`${indent}${scalar(value)}`];
  return Array.isArray(value)
    ? value.flatMap((item) => entry(`${indent}-`, item, indent))
    : Object.entries(value).flatMap(([key, item]) => entry(`${indent}${scalar(key)}:`, item, indent));
}

/** A configuration as a block of YAML that readers of both versions of the language understand alike. */
export function yamlText(value: { readonly [key: string]: EngineValue }): string {
  return `${lines(value, "").join("\n")}\n`;
}
