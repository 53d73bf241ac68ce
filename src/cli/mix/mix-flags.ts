import type { FlagParametersForType } from "@stricli/core";
import { TARGET_FLAGS, type TargetFlags } from "../export/export-flags.ts";
import { exportHelp } from "../export-help.ts";
import { valued } from "../flags.ts";
import { number, text, whole } from "../parse-value.ts";
import type { CliContext } from "../terminal/host.ts";

/** The flags of `mix`. */
export interface MixFlags extends TargetFlags {
  readonly agent?: readonly string[] | undefined;
  readonly data?: readonly string[] | undefined;
  readonly ratio?: number | undefined;
  readonly seed?: number | undefined;
  readonly excludeEnvironment?: readonly string[] | undefined;
}

const own = exportHelp.flags;

/** Flags of `mix`. */
export const MIX_FLAGS: FlagParametersForType<MixFlags, CliContext> = {
  agent: { ...valued(own.agent, text), variadic: true },
  data: { ...valued(own.data, text), variadic: true },
  ratio: valued(own.ratio, number({ least: 0 })),
  seed: valued(own.mixSeed, whole()),
  excludeEnvironment: { ...valued(own.excludeEnvironment, text), variadic: true },
  ...TARGET_FLAGS,
};
