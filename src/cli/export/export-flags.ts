import type { FlagParametersForType } from "@stricli/core";
import { EXPORT_FORMATS, type ExportFormat, TEMPLATE_NAMES } from "../../config/config.ts";
import { ABLATIONS, type AblationName } from "../../dataset/ablation.ts";
import { ENGINES, type EngineName } from "../../dataset/formats/engines.ts";
import type { TemplateName } from "../../tokens/template.ts";
import { exportHelp } from "../export-help.ts";
import { marker, valued } from "../flags.ts";
import { helpWords } from "../help-words.ts";
import { text, whole } from "../parse-value.ts";
import type { CliContext } from "../terminal/host.ts";

/** Flags that say in which form rows are written. */
export interface TargetFlags {
  readonly format?: ExportFormat | undefined;
  readonly engine?: EngineName | undefined;
  readonly tokenizer?: string | undefined;
  readonly template?: TemplateName | undefined;
  readonly maxTokens?: number | undefined;
  readonly force?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly config?: string | undefined;
}

/** An ablation that can be exported: of the loss, or of the verification. */
export type ExportAblation = AblationName | "no-verification";

/** The flags of `export`. */
export interface ExportFlags extends TargetFlags {
  readonly out?: string | undefined;
  readonly ablation?: ExportAblation | undefined;
  readonly subset?: number | undefined;
  readonly seed?: number | undefined;
  readonly hub?: string | undefined;
  readonly license?: string | undefined;
  readonly personaLicense?: string | undefined;
  readonly push?: string | undefined;
  readonly private?: boolean | undefined;
}

const own = exportHelp.flags;

/** The keys of a table as its type names them. */
function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  const keys: Key[] = [];
  for (const key in table) keys.push(key);
  return keys;
}

/** A flag with one of some values. */
export function oneOf<const Value extends string>(
  brief: string,
  values: readonly Value[],
): {
  readonly kind: "enum";
  readonly values: readonly Value[];
  readonly optional: true;
  readonly brief: string;
} {
  return { kind: "enum", values, optional: true, brief };
}

/** Flags that say in which form rows are written. */
export const TARGET_FLAGS: FlagParametersForType<TargetFlags, CliContext> = {
  format: oneOf(own.exportFormat, EXPORT_FORMATS),
  engine: oneOf(own.engine, keysOf(ENGINES)),
  tokenizer: valued(own.tokenizer, text),
  template: oneOf(own.template, TEMPLATE_NAMES),
  maxTokens: valued(own.maxTokens, whole({ least: 1 })),
  force: marker(own.force),
  quiet: marker(helpWords.flags.quiet),
  json: marker(helpWords.flags.json),
  config: valued(helpWords.flags.config, text),
};

/** Flags of `export`. */
export const EXPORT_FLAGS: FlagParametersForType<ExportFlags, CliContext> = {
  out: valued(own.exportOut, text),
  ...TARGET_FLAGS,
  ablation: oneOf(own.ablation, [...keysOf(ABLATIONS), "no-verification"]),
  subset: valued(own.subset, whole({ least: 1 })),
  seed: valued(own.subsetSeed, whole()),
  hub: valued(own.hub, text),
  license: valued(own.license, text),
  personaLicense: valued(own.personaLicense, text),
  push: valued(own.push, text),
  private: marker(own.private),
};
