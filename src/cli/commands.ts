import { buildCommand, buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import { EXPORT_FORMATS, type ExportFormat, TEMPLATE_NAMES } from "../config/config.ts";
import { EXAMPLE_FORMATS } from "../dataset/formats/example-format.ts";
import { FORMATS } from "../dataset/formats/format.ts";
import { isTokenized, TOKENIZED_FORMATS } from "../dataset/formats/tokenized-formats.ts";
import type { CompareFlags } from "./compare/run.ts";
import type { DoctorFlags } from "./doctor/run.ts";
import { doctorHelp } from "./doctor-words.ts";
import { EVALUATE_FLAGS, type EvaluateFlags, WORLD_FLAGS } from "./evaluate/evaluate-flags.ts";
import { evaluationHelp } from "./evaluation-help.ts";
import { EXPORT_FLAGS, type ExportFlags, oneOf } from "./export/export-flags.ts";
import { exportHelp } from "./export-help.ts";
import { GENERATE_FLAGS, marker, SESSION_FLAGS, toggle, valued } from "./flags.ts";
import type { GenerateFlags, SessionFlags } from "./generate/session.ts";
import { helpWords } from "./help-words.ts";
import type { InitFlags } from "./init/run.ts";
import { MIX_FLAGS, type MixFlags } from "./mix/mix-flags.ts";
import { text, whole } from "./parse-value.ts";
import type { ServeFlags } from "./serve/run.ts";
import type { ShowFlags } from "./show/run.ts";
import type { CliContext } from "./terminal/host.ts";
import { TRAIN_FLAGS, type TrainFlags } from "./train/train-flags.ts";
import { trainHelp } from "./train-help.ts";
import type { VerifyFlags } from "./verify/run.ts";

// What a command does is loaded when it is run, so that help and refusals come at once.

const { flags } = helpWords;

const textFormats = { ...EXAMPLE_FORMATS, trajectories: FORMATS.trajectories };

function formatWords(name: ExportFormat): string {
  if (!isTokenized(name)) return helpWords.format(name, textFormats[name]);
  const { makes, ending = exportHelp.folder } = TOKENIZED_FORMATS[name];
  return helpWords.format(name, { makes, endings: [ending] });
}

const formats = EXPORT_FORMATS.map(formatWords).join("\n");

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
    flags: { errors: toggle(helpWords.verify.errors), json: marker(flags.jsonLines) },
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
    flags: EXPORT_FLAGS,
    positional: { kind: "tuple", parameters: [folderOfRun(exportHelp.export.run)] },
  },
  docs: docs({ ...exportHelp.export, full: `${exportHelp.export.full}\n\n${formats}` }),
});

const mix: Command<CliContext> = buildCommand<MixFlags, [out: string], CliContext>({
  loader: async () => (await import("./mix/run.ts")).runMix,
  parameters: {
    flags: MIX_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [{ brief: exportHelp.mix.out, placeholder: "OUT", parse: text }],
    },
  },
  docs: docs(exportHelp.mix),
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
      tokenizer: valued(exportHelp.flags.showTokenizer, text),
      template: oneOf(exportHelp.flags.template, TEMPLATE_NAMES),
      maxTokens: valued(exportHelp.flags.maxTokens, whole({ least: 1 })),
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

const evaluate: Command<CliContext> = buildCommand<EvaluateFlags, [], CliContext>({
  loader: async () => (await import("./evaluate/run.ts")).runEvaluate,
  parameters: { flags: EVALUATE_FLAGS },
  docs: docs(evaluationHelp.evaluate),
});

const compare: Command<CliContext> = buildCommand<CompareFlags, string[], CliContext>({
  loader: async () => (await import("./compare/run.ts")).runCompare,
  parameters: {
    flags: { paper: marker(evaluationHelp.flags.paper), json: marker(evaluationHelp.flags.compareJson) },
    positional: {
      kind: "array",
      parameter: { brief: evaluationHelp.compare.directories, placeholder: "DIR", parse: text },
      minimum: 1,
    },
  },
  docs: docs(evaluationHelp.compare),
});

const serve: Command<CliContext> = buildCommand<ServeFlags, [], CliContext>({
  loader: async () => (await import("./serve/run.ts")).runServe,
  parameters: {
    flags: {
      ...WORLD_FLAGS,
      suite: valued(evaluationHelp.flags.oneSuite, text),
      limit: valued(evaluationHelp.flags.oneLimit, whole({ least: 1 })),
      port: valued(evaluationHelp.flags.port, whole({ least: 0, most: 65_535 })),
      host: valued(evaluationHelp.flags.host, text),
      environments: valued(evaluationHelp.flags.environments, whole({ least: 1 })),
    },
  },
  docs: docs(evaluationHelp.serve),
});

const train: Command<CliContext> = buildCommand<TrainFlags, [directory: string], CliContext>({
  loader: async () => (await import("./train/run.ts")).runTrain,
  parameters: {
    flags: TRAIN_FLAGS,
    positional: { kind: "tuple", parameters: [folderOfRun(trainHelp.train.run)] },
  },
  docs: docs(trainHelp.train),
});

const doctor: Command<CliContext> = buildCommand<DoctorFlags, [], CliContext>({
  loader: async () => (await import("./doctor/run.ts")).runDoctor,
  parameters: {
    flags: {
      python: valued(doctorHelp.python, text),
      agentboard: valued(doctorHelp.agentboard, text),
      json: marker(flags.json),
    },
  },
  docs: docs(doctorHelp.doctor),
});

/** Every command of the program. */
export const commands: RouteMap<CliContext> = buildRouteMap({
  routes: {
    generate,
    resume,
    verify,
    export: exportRun,
    mix,
    train,
    show,
    init,
    evaluate,
    compare,
    serve,
    doctor,
  },
  docs: { brief: helpWords.program.brief, fullDescription: helpWords.program.full },
});
