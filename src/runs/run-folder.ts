import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { AgentRefineError, storageError, systemErrorCode } from "../errors.ts";
import { syncFolder, writeFileAtomically } from "./atomic-file.ts";
import { LOCK_FILE, lockFolder } from "./lock.ts";
import { isSettings, type Settings } from "./settings-difference.ts";

/** The version of the run folder's layout that this program writes and reads. */
const RUN_FORMAT = 1;

const wholeListSchema = z.object({
  personas: z.int().nonnegative(),
  /** The first 16 digits of the SHA-256 of their ids, a line each. */
  hash: z.string(),
});

/** The whole list of personas of which a run has a shard: tells whether shards are of one list. */
export type WholeList = Readonly<z.infer<typeof wholeListSchema>>;

const descriptionSchema = z.object({
  format: z.literal(RUN_FORMAT),
  /** ISO 8601. */
  createdAt: z.string(),
  /** The version of agentrefine that started the run. */
  agentrefine: z.string(),
  /**
   * The settings as they were given, the seed among them. Whoever opens a run checks them. Not a record of zod's, which
   * would leave out a name such as `__proto__`.
   */
  settings: z.custom<Settings>(isSettings),
  /** The prices that costs are counted with, or null. */
  prices: z.unknown().default(null),
  /** Only a shard's. */
  wholeList: wholeListSchema.exactOptional(),
});

/**
 * The content of `run.json`: what a run was started with. It is written anew, with the lock, only when the run grows,
 * or when it begins again with other settings before a reply was bought.
 */
export type RunDescription = Readonly<z.infer<typeof descriptionSchema>>;

function damaged(path: string, problem: string): AgentRefineError {
  return new AgentRefineError(`${path} ${problem}`, {
    fix: "Restore it from a copy, or start a new run in another folder.",
  });
}

/** Reads the text of a `run.json`. An AgentRefineError when it is damaged or of another format. */
function parseRunDescription(text: string, path: string): RunDescription {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(path, "is not valid JSON");
  }
  const versioned = z.object({ format: z.number() }).safeParse(value);
  if (!versioned.success) throw damaged(path, "does not describe a run");
  const { format } = versioned.data;
  if (format !== RUN_FORMAT) {
    throw new AgentRefineError(`${path} has format ${format}, and this version reads format ${RUN_FORMAT}`, {
      fix: "Use the version of agentrefine that started the run.",
    });
  }
  const parsed = descriptionSchema.safeParse(value);
  if (!parsed.success) throw damaged(path, `has no "${String(parsed.error.issues[0]?.path[0])}"`);
  return parsed.data;
}

export function descriptionText(description: Omit<RunDescription, "format">): string {
  return `${JSON.stringify({ format: RUN_FORMAT, ...description }, null, 2)}\n`;
}

/** Where the files of a run are. */
export interface RunPaths {
  /** What the run was started with: see {@link RunDescription}. */
  readonly run: string;
  /** The selected personas in their order. */
  readonly personas: string;
  /** The journal of replies. */
  readonly calls: string;
  /** The journal of ended personas. */
  readonly syntheses: string;
  /** The journal of what happened to batches, and the folder of their files; only in runs that are asked in batches. */
  readonly batches: string;
  readonly batchFiles: string;
  /** What people and models have said of it. */
  readonly annotations: string;
  /** What is known of the run without reading the journals: made of them alone, and only for large runs. */
  readonly index: string;
}

/** A run: a folder and what it was started with. */
export interface RunFolder {
  /** An absolute path. */
  readonly directory: string;
  readonly description: RunDescription;
  readonly paths: RunPaths;
}

/** The paths of a run's files, whether or not they exist. */
export function runPaths(directory: string): RunPaths {
  return {
    run: join(directory, "run.json"),
    personas: join(directory, "personas.jsonl"),
    calls: join(directory, "calls.jsonl"),
    syntheses: join(directory, "syntheses.jsonl"),
    batches: join(directory, "batches.jsonl"),
    batchFiles: join(directory, "batches"),
    annotations: join(directory, "annotations.jsonl"),
    index: join(directory, "run.index"),
  };
}

/** Whether a file may be in a folder that a run is created in: the lock, and what a killed creation left. */
function isLeftover(name: string): boolean {
  return name === LOCK_FILE || name.startsWith(`${LOCK_FILE}.`) || /^run\.json\..*\.partial$/.test(name);
}

async function refuseUnlessEmpty(directory: string): Promise<void> {
  const names = await readdir(directory);
  if (names.includes("run.json")) {
    throw new AgentRefineError(`${directory} already holds a run`, {
      fix: "Resume that run, or start the new one in another folder.",
    });
  }
  const other = names.find((name) => !isLeftover(name));
  if (other !== undefined) {
    throw new AgentRefineError(`${directory} is not empty and not a run: it holds ${other}`, {
      fix: "Use a new or an empty folder.",
    });
  }
}

/**
 * Makes a folder, which may exist when it is empty, into a run by writing its `run.json`. The folder is locked
 * while this is done, so that of two processes one gets it, and is not locked afterwards.
 */
export async function createRunFolder(
  directory: string,
  description: Omit<RunDescription, "format">,
): Promise<RunFolder> {
  const absolute = resolve(directory);
  const paths = runPaths(absolute);
  try {
    const made = await mkdir(absolute, { recursive: true });
    if (made !== undefined) await syncFolder(dirname(absolute));
    // Before the lock as well, so that a folder with other things in it is left as it is.
    await refuseUnlessEmpty(absolute);
    await using _lock = await lockFolder(absolute);
    await refuseUnlessEmpty(absolute);
    const text = descriptionText(description);
    await writeFileAtomically(paths.run, text);
    return { directory: absolute, description: parseRunDescription(text, paths.run), paths };
  } catch (error) {
    throw storageError(error, "create", absolute);
  }
}

const RUN_OR_EVALUATION = "Give the folder that generate or evaluate has written.";

/** What a path is at which there is no run, and what to give instead. */
async function notARun(path: string): Promise<AgentRefineError> {
  const refuse = (problem: string, fix = RUN_OR_EVALUATION): AgentRefineError =>
    new AgentRefineError(`${path} is not a run: ${problem}`, { fix });
  let names: readonly string[];
  try {
    names = await readdir(path);
  } catch (error) {
    return refuse(systemErrorCode(error) === "ENOTDIR" ? "it is a file" : "there is no such folder");
  }
  const inside = await Promise.all(
    names.map(async (name) =>
      (await stat(join(path, name, "run.json")).catch(() => undefined)) ? [name] : [],
    ),
  );
  const [first, ...others] = inside.flat();
  if (first !== undefined) {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return refuse(`it is a folder around ${first}${more}`, `Give one of them, such as ${join(path, first)}.`);
  }
  if (names.includes("launch.sh")) return refuse("it is a training that train has written");
  return refuse("it has no run.json");
}

/** Opens a run to read it or, after `lockFolder`, to resume it. */
export async function openRunFolder(directory: string): Promise<RunFolder> {
  const absolute = resolve(directory);
  const paths = runPaths(absolute);
  try {
    const text = await readFile(paths.run, "utf8");
    return { directory: absolute, description: parseRunDescription(text, paths.run), paths };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw storageError(error, "read", paths.run);
    throw await notARun(absolute);
  }
}

/** Opens a run of `generate`; refuses the folder of an evaluation, which holds no trajectories. */
export async function openGeneratedRun(directory: string): Promise<RunFolder> {
  const run = await openRunFolder(directory);
  if (run.description.settings.kind !== "evaluation") return run;
  throw new AgentRefineError(`${run.directory} is an evaluation, not a run of generate`, {
    fix: "Look at its episodes with `agentrefine show`, or give the folder of a run.",
  });
}

async function packageJson(): Promise<{
  readonly version: string;
  readonly engines: { readonly node: string };
}> {
  return JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
}

/** The version of this program, from its package.json. */
export async function programVersion(): Promise<string> {
  return (await packageJson()).version;
}

/** The first version of Node that will do, such as `20.19`. */
export async function oldestNode(): Promise<string> {
  return (await packageJson()).engines.node.replace(">=", "");
}
