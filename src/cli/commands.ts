import { buildCommand, buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import { EXPORT_FORMATS } from "../config/config.ts";
import { FORMATS } from "../dataset/formats/format.ts";
import type { ExportFlags } from "./export/run.ts";
import { GENERATE_FLAGS, marker, SESSION_FLAGS, valued } from "./flags.ts";
import type { GenerateFlags, SessionFlags } from "./generate/session.ts";
import { helpWords } from "./help-words.ts";
import type { InitFlags } from "./init/run.ts";
import { text, whole } from "./parse-value.ts";
import type { ShowFlags } from "./show/run.ts";
import type { VerifyFlags } from "./verify/run.ts";
import type { CliContext } from "./world.ts";

// What a command does is loaded when it is run, so that help and refusals come at once.

const { flags } = helpWords;

const formats = EXPORT_FORMATS.map((name) => helpWords.format(name, FORMATS[name])).join("\n");

interface Described {
  readonly brief: string;
  readonly full: string;
  readonly usage: readonly { readonly input: string; readonly brief: string }[];
}

function docs({ brief, full, usage }: Described): {
  readonly brief: string;
  readonly fullDescription: string;
  readonly customUsage: Described["usage"];
} {
  return { brief, fullDescription: full, customUsage: usage };
}

function folderOfRun(brief: string): {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: typeof text;
} {
  return { brief, placeholder: "RUN", parse: text };
}

const generate: Command<CliContext> = buildCommand<
  Omit<GenerateFlags, "personas">,
  [personas?: string],
  CliContext
>({
  loader: async () => (await import("./generate/run.ts")).runGenerate,
  parameters: {
    flags: GENERATE_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [
        { brief: helpWords.generate.personas, placeholder: "PERSONAS", parse: text, optional: true },
      ],
    },
  },
  docs: docs(helpWords.generate),
});

const resume: Command<CliContext> = buildCommand<SessionFlags, [directory: string], CliContext>({
  loader: async () => (await import("./resume/run.ts")).runResume,
  parameters: {
    flags: SESSION_FLAGS,
    positional: { kind: "tuple", parameters: [folderOfRun(helpWords.resume.run)] },
  },
  docs: docs(helpWords.resume),
});

const verify: Command<CliContext> = buildCommand<VerifyFlags, [file: string], CliContext>({
  loader: async () => (await import("./verify/run.ts")).runVerify,
  parameters: {
    flags: { json: marker(flags.jsonLines) },
    positional: {
      kind: "tuple",
      parameters: [{ brief: helpWords.verify.file, placeholder: "FILE", parse: text }],
    },
  },
  docs: docs(helpWords.verify),
});

const exportRun: Command<CliContext> = buildCommand<ExportFlags, [directory: string], CliContext>({
  loader: async () => (await import("./export/run.ts")).runExport,
  parameters: {
    flags: {
      format: {
        kind: "enum",
        values: EXPORT_FORMATS,
        optional: true,
        brief: flags.format,
      },
      out: { kind: "parsed", brief: flags.exportOut, parse: text },
      force: marker(flags.force),
      json: marker(flags.json),
      config: valued(flags.config, text),
    },
    positional: { kind: "tuple", parameters: [folderOfRun(helpWords.export.run)] },
  },
  docs: docs({ ...helpWords.export, full: `${helpWords.export.full}\n\n${formats}` }),
});

const show: Command<CliContext> = buildCommand<ShowFlags, [directory: string, id?: string], CliContext>({
  loader: async () => (await import("./show/run.ts")).runShow,
  parameters: {
    flags: {
      limit: valued(flags.showLimit, whole({ least: 1 })),
      outcome: {
        kind: "enum",
        values: ["accepted", "rejected", "failed"],
        optional: true,
        brief: flags.outcome,
      },
      json: marker(flags.json),
    },
    positional: {
      kind: "tuple",
      parameters: [
        folderOfRun(helpWords.show.run),
        { brief: helpWords.show.id, placeholder: "ID", parse: text, optional: true },
      ],
    },
  },
  docs: docs(helpWords.show),
});

const init: Command<CliContext> = buildCommand<InitFlags, [directory?: string], CliContext>({
  loader: async () => (await import("./init/run.ts")).runInit,
  parameters: {
    flags: { json: marker(flags.json) },
    positional: {
      kind: "tuple",
      parameters: [{ brief: helpWords.init.directory, placeholder: "DIR", parse: text, optional: true }],
    },
  },
  docs: docs(helpWords.init),
});

/** Every command of the program. */
export const commands: RouteMap<CliContext> = buildRouteMap({
  routes: { generate, resume, verify, export: exportRun, show, init },
  docs: { brief: helpWords.program.brief, fullDescription: helpWords.program.full },
});
