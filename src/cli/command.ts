import { buildCommand, type Command } from "@stricli/core";
import * as z from "zod";
import { aboutOf, readSetting, valueSchema } from "../config/setting.ts";
import { type ExitCode, UsageError } from "./failure.ts";
import type { CliContext, Host } from "./terminal/host.ts";
import { dashed } from "./terminal/text.ts";

/** An argument of a command that is no flag. */
export interface Argument {
  /** Such as `RUN`. */
  readonly name: string;
  readonly help: string;
  readonly optional?: true;
  /** Whether it can be given several times. */
  readonly repeat?: true;
}

/** The folder of a run, as most commands take it. */
export const RUN: Argument = { name: "RUN", help: "Folder of a run, as it was given with --out" };

/** What is said of a command in its help. */
interface Described {
  readonly brief: string;
  /** Sentences, wrapped to the terminal; a line that begins with a space stays as it is. */
  readonly full: string;
  readonly args: readonly Argument[];
  /** What command lines do, by their words behind the command. */
  readonly examples: Readonly<Record<string, string>>;
  /** The page of `docs/` with more. */
  readonly page: string;
  readonly flags: z.ZodObject;
}

/** A command, with what its help and its completion need. */
export interface DeclaredCommand extends Described {
  readonly command: Command<CliContext>;
}

type Given = Readonly<Record<string, unknown>>;

/** The name of a setting's flag, without the dashes and in camel case, as stricli takes it. */
export function flagName(key: string, schema: unknown): string {
  return aboutOf(schema)?.flag ?? key;
}

/** A flag as stricli takes it. */
function flagOf(schema: unknown): object {
  const about = aboutOf(schema);
  const value = valueSchema(schema);
  const isOptional = schema instanceof z.ZodExactOptional;
  const brief = about?.help ?? "";
  if (value instanceof z.ZodBoolean) {
    return { kind: "boolean", optional: true, brief, withNegated: about?.canBeTurnedOff === true };
  }
  if (value instanceof z.ZodEnum && about?.read === undefined) {
    return { kind: "enum", values: value.options.map(String), brief, optional: isOptional };
  }
  const parse = (input: string): unknown => readSetting(schema, input);
  if (about?.repeat === true) return { kind: "parsed", variadic: true, parse, brief, optional: true };
  return { kind: "parsed", parse, brief, optional: isOptional };
}

/** What stricli read, by the keys of the settings and without what was not given. */
function givenSettings(shape: Given, flags: Given): Given {
  const entries = Object.entries(shape).flatMap(([key, schema]): [string, unknown][] => {
    const flag = dashed(flagName(key, schema));
    const given = flags[flagName(key, schema)];
    if (given === undefined) return [];
    const isRecord = valueSchema(schema) instanceof z.ZodRecord && aboutOf(schema)?.repeat === true;
    if (!isRecord || !Array.isArray(given)) return [[key, given]];
    const names: readonly unknown[] = given.map(([name]) => name);
    const twice = names.find((name, place) => names.indexOf(name) < place);
    if (twice !== undefined) throw new UsageError(`${flag} was given twice for ${twice}`);
    return [[key, Object.fromEntries(given)]];
  });
  return Object.fromEntries(entries);
}

/** Does what a command is for; gives the exit code where that is not 0. */
type RunCommand<Flags> = (
  host: Host,
  flags: Flags,
  ...args: string[]
) => Promise<ExitCode | undefined> | Promise<void>;

/** Declares a command; `load` is called when it is run, so that help and refusals come at once. */
export function declareCommand<Shape extends z.core.$ZodLooseShape>(
  described: Described & { readonly flags: z.ZodObject<Shape, z.core.$strict> },
  load: () => Promise<RunCommand<z.output<z.ZodObject<Shape, z.core.$strict>>>>,
): DeclaredCommand {
  const { flags, args, brief } = described;
  const [last] = args.slice(-1);
  const command = buildCommand<Given, readonly string[], CliContext>({
    loader: async () => {
      const run = await load();
      return async function (this: CliContext, given: Given, ...words: readonly string[]) {
        const code = await run(this.host, flags.parse(givenSettings(flags.shape, given)), ...words);
        if (typeof code === "number") this.process.exitCode = code;
      };
    },
    parameters: {
      // Stricli's types are for flags that are written out; what comes of these is checked by the settings' schema.
      flags: Object.fromEntries(
        Object.entries(flags.shape).map(([key, schema]): readonly unknown[] => [
          flagName(key, schema),
          flagOf(schema),
        ]),
      ),
      positional: {
        kind: "array",
        parameter: {
          brief: args.map(({ help }) => help).join("; "),
          placeholder: args.map(({ name }) => name).join(" "),
          parse: (input: string) => {
            readSetting(undefined, input);
            return input;
          },
        },
        minimum: args.filter(({ optional }) => optional !== true).length,
        ...(last?.repeat === true ? {} : { maximum: args.length }),
      },
    },
    docs: { brief },
  });
  return { ...described, command };
}
