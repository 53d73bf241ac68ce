import { requireWhole } from "../batch/open-batches.ts";
import { type RunDriving, requireBatched } from "../config/driving.ts";
import { isBatched, OFFLINE, type RunSettings } from "../config/run-settings.ts";
import type { WriterConfig } from "../config/writers.ts";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";
import { requireOwnKey } from "../model/run-model.ts";
import { shellWord } from "../printable.ts";
import { type PointedKeys, sayingOf } from "./driving.ts";

// What the flags of one part of a run cannot say of it: of its batches, and of its writers.

/**
 * Refuses what is said of the batches of a run without them, and what is said for all writers and would send a secret of
 * one server to others, or price all alike.
 */
export function requireFit(settings: RunSettings, driving: RunDriving): void {
  requireBatched(isBatched(settings), driving, "begin a run with --batch or --batch-files");
  const { model, writers } = settings;
  const { options, baseUrl } = driving;
  if (writers === undefined) return;
  const give = (what: string): string => `Give each writer its own, such as --writer "NAME ${what}".`;
  if (options.price !== undefined)
    throw new AgentRefineError("--price is of one model, and there are several", {
      fix: give("price=2.5,10"),
    });
  if (model.baseUrl !== undefined) return;
  if (baseUrl !== undefined)
    throw new AgentRefineError("--base-url moves the server of all writers, and they have none in common", {
      fix: give("base-url=http://…"),
    });
  if (model.apiKeyEnv !== undefined)
    throw new AgentRefineError("--api-key-env is for one server, and the writers may have several", {
      fix: `${give(`api-key-env=${model.apiKeyEnv}`)} Or give the --base-url of all.`,
    });
  if (model.headers !== undefined)
    throw new AgentRefineError("--header is for one server, and the writers may have several", {
      fix: "Give it with its writer in a config file, or give the --base-url of all.",
    });
}

/** What may be said of a writer when its run is resumed. */
const AT_RESUME: readonly string[] = ["baseUrl", "apiKeyEnv", "headers", "concurrency", "price"];

/** Refuses what a flag of `resume` says of a writer and cannot be changed any more. */
export function requireDriving(flags: Readonly<Record<string, WriterConfig>> | undefined): void {
  for (const [name, said] of Object.entries(flags ?? {})) {
    const fixed = Object.keys(said).find((key) => !AT_RESUME.includes(key));
    if (fixed === undefined) continue;
    throw new AgentRefineError(`the ${fixed} of the writer ${name} was fixed when the run was started`, {
      fix: "Of a writer, resume takes base-url, api-key-env, concurrency and price.",
    });
  }
}

/** Refuses what is said of a writer that the run has not. */
export function requireKnown({ writers = {} }: RunSettings, { options }: RunDriving): void {
  const unknown = Object.keys(options.writers ?? {}).find((name) => !Object.hasOwn(writers, name));
  if (unknown === undefined) return;
  const names = Object.keys(writers).join(", ");
  throw new AgentRefineError(`the run has no writer ${unknown}${names === "" ? "" : `; it has ${names}`}`, {
    fix: "Leave it out, or start a new run in another folder.",
  });
}

/** Refuses to send keys to servers that only the folder names: see {@link requireOwnKey}. */
export function requireOwnKeys(
  { writers = {} }: RunSettings,
  driving: RunDriving,
  pointed: PointedKeys,
  env: Env,
): void {
  for (const [name, saved] of Object.entries(writers)) {
    requireOwnKey(
      saved,
      { baseUrl: sayingOf(driving, name).baseUrl, apiKeyEnv: pointed.writers?.[name]?.apiKeyEnv },
      env,
      (key) => `--writer ${shellWord(`${name} api-key-env=${key}`)}`,
    );
  }
}

/** Refuses runs that cannot be asked in batches. Throws AgentRefineError. */
export function requireBatchable({
  model,
  writers,
  batch,
  batchFiles,
}: Pick<RunSettings, "model" | "batch" | "batchFiles" | "writers">): void {
  const refuse = (
    problem: string,
    fix = `Leave ${batchFiles === undefined ? "--batch" : "--batch-files"} out.`,
  ): never => {
    throw new AgentRefineError(problem, { fix });
  };
  if (batch === true && batchFiles !== undefined)
    refuse("--batch asks a service and --batch-files writes files", "Give one of the two.");
  if (writers !== undefined) refuse("several writers cannot be asked in batches in one run");
  if (model.name === OFFLINE && batchFiles === undefined)
    refuse("the offline author has no batch service", "It answers files: --batch-files DIR.");
  requireWhole(model);
}
