import * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import { didYouMean } from "../spelling.ts";
import { asking, driving, headers, share, text } from "./asking.ts";
import { oneOf, readSetting, setting, typed, valueSchema } from "./setting.ts";

// Several models that write for one run: how they are named, and what can be said of each.

/** The part of the work that one of them has. */
export const part = {
  share: setting(share, "Model", "SHARE", "Share of the personas [the same for all]"),
  for: oneOf(["script", "trajectory"], "Model", "Calls that it answers [both]"),
};

/** What can be said of one of them; it goes over what is said for all. */
const writerSchema = z.strictObject({
  ...part,
  ...asking,
  ...headers,
  concurrency: driving.concurrency,
  price: driving.price,
});

/** What can be said of one of several models. */
export type WriterConfig = Readonly<z.infer<typeof writerSchema>>;

/** What has no place between spaces; it can be said in a config file. */
const IN_FILES_ONLY: readonly string[] = ["headers", "body"];

/** What is said of a writer in one word. Throws AgentRefineError. */
function readWord(schema: z.ZodType, input: string): unknown {
  const kind = valueSchema(schema);
  if (kind instanceof z.ZodBoolean) {
    if (input === "on" || input === "off") return input === "on";
    throw new AgentRefineError(`"${input}" is neither on nor off`);
  }
  if (!(kind instanceof z.ZodEnum)) return readSetting(schema, input);
  if (kind.options.some((option) => option === input)) return input;
  throw new AgentRefineError(`"${input}" is not one of ${kind.options.join(", ")}`);
}

/** A writer as `[name, settings]`, from words such as `NAME share=0.3 base-url=http://…`. Throws AgentRefineError. */
function readWriter(input: string): readonly [string, WriterConfig] {
  const [name = "", ...words] = input.trim().split(/\s+/);
  if (name === "" || name.includes("="))
    throw new AgentRefineError(`"${input}" does not begin with the name of a model`);
  const settings = Object.entries(writerSchema.shape).filter(([key]) => !IN_FILES_ONLY.includes(key));
  const known = settings.map(([key]) => typed(key));
  const given = words.map((word): readonly [string, unknown] => {
    const [, flag = word, value] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    const [key, schema] = settings.find(([each]) => typed(each) === flag) ?? [];
    if (schema === undefined || key === undefined)
      throw new AgentRefineError(
        `"${flag}" cannot be said of the writer ${name}${didYouMean(flag, known)}: it takes ${known.join(", ")}`,
      );
    if (value === undefined) throw new AgentRefineError(`"${flag}" of the writer ${name} has no value`);
    return [key, readWord(schema, value)];
  });
  return [name, writerSchema.parse(Object.fromEntries(given))];
}

export const writers = {
  writers: setting(
    z.record(text, writerSchema),
    "Model",
    '"NAME share=…"',
    "One of several models, and what is its own: share, for (script, trajectory), base-url, price, …; can be repeated",
    { flag: "writer", repeat: true, read: readWriter },
  ),
};

/** The settings of a command as far as they name models. */
interface Named {
  readonly model?: string;
  readonly writers?: Readonly<Record<string, WriterConfig>>;
}

/** The models of `a,b` or `a=0.7,b=0.3`; undefined for the name of one model. Throws AgentRefineError. */
function readList(model: string): ReadonlyMap<string, WriterConfig> | undefined {
  if (!model.includes(",")) return undefined;
  const listed = new Map<string, WriterConfig>();
  for (const each of model.split(",").map((name) => name.trim())) {
    const [, name = each, given] = /^(.*)=([^=]*)$/.exec(each) ?? [];
    if (name === "") throw new AgentRefineError(`the list of models "${model}" has an empty place`);
    if (listed.has(name)) throw new AgentRefineError(`the model ${name} is given twice`);
    listed.set(name, given === undefined ? {} : { share: Number(readSetting(part.share, given)) });
  }
  return listed;
}

/** The models that are to write for a run, by name; undefined where it is one. Throws AgentRefineError. */
export function writersOf({ model, writers }: Named): Readonly<Record<string, WriterConfig>> | undefined {
  const listed = model === undefined ? undefined : readList(model);
  if (writers === undefined || Object.keys(writers).length === 0) return listed && Object.fromEntries(listed);
  if (model !== undefined && listed === undefined)
    throw new AgentRefineError(
      `the model ${model} and the writers ${Object.keys(writers).join(", ")} are given`,
      {
        fix: "Give either --model or --writer.",
      },
    );
  const unknown = Object.keys(writers).find((name) => listed !== undefined && !listed.has(name));
  if (unknown !== undefined)
    throw new AgentRefineError(`the writer ${unknown} is none of the models ${model}`);
  const all = listed === undefined ? Object.entries(writers) : [...listed];
  return Object.fromEntries(all.map(([name, said]) => [name, { ...said, ...writers[name] }]));
}
