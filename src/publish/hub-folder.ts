import { mkdir, rename } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import * as z from "zod";
import { CONVERSATION_TABLE, conversationRow, textColumn } from "../dataset/formats.ts";
import {
  annotationFacts,
  openRunSource,
  type RunSelection,
  type RunSource,
  runFacts,
} from "../dataset/run-source.ts";
import { trainingExample } from "../dataset/training-example.ts";
import { type ParquetTable, writeParquet } from "../dataset/write-parquet.ts";
import { AgentRefineError, storageError } from "../errors.ts";
import { writeAtomically, writeFileAtomically, writeFolderAtomically } from "../runs/atomic-file.ts";
import { openGeneratedRun, type RunFolder } from "../runs/run-folder.ts";
import { addErrorRuns, NO_ERROR_RUNS } from "../trajectory/trajectory.ts";
import { hubCard } from "./hub-card.ts";
import { checkReplacement, type Place } from "./target.ts";
import type { OnProgress } from "./write-examples.ts";

/** A data set for the Hugging Face hub. */
export interface HubOptions extends Pick<RunSelection, "subset" | "only" | "without" | "stop"> {
  readonly out: string;
  /** The licence of the data as the hub names it, such as `apache-2.0`; `other` when not given. */
  readonly license?: string | undefined;
  /** The licence of the personas; that of the shipped ones is known. */
  readonly personaLicense?: string | undefined;
  readonly replace?: boolean | undefined;
  /** What relative paths are relative to; the working directory when not given. */
  readonly directory?: string | undefined;
  /** How many bytes of text a file holds at the most. */
  readonly shardBytes?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What the card tells of a run's settings: of those that are not named here, the numbers, which hold no secret. */
const runSettings = z.looseObject({
  personas: z.object({ source: z.string() }),
  errors: z.boolean().default(true),
  model: z.looseObject({ name: z.string(), provider: z.string().optional() }),
});

/** The numbers among settings, named in words: `max calls`. */
function numbersOf(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      typeof value === "number"
        ? [[key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), value]]
        : [],
    ),
  );
}

/** A folder for the hub, with everything checked that can be before anything is written. */
export interface HubPlan {
  readonly run: RunFolder;
  readonly place: Place;
  readonly replaces: boolean;
  readonly settings: z.infer<typeof runSettings>;
  /** The licence of the personas; undefined when it is not known. */
  readonly personaLicence: string | undefined;
  readonly options: HubOptions;
}

export interface HubResult {
  readonly rows: number;
  readonly source: RunSource;
}

/** The sources of personas that are no files, as `run.json` names them, and what the card calls them. */
const SOURCES = new Map([
  ["shipped", "the personas that come with agentrefine"],
  ["-", "the standard input"],
]);

/** The Parquet schema of a row: the published one, and the origin of its persona. */
const [, ...CONVERSATION_COLUMNS] = CONVERSATION_TABLE.schema;
const ORIGIN = ["persona_source", "persona_license"] as const;
const HUB_TABLE: ParquetTable = {
  columns: [...CONVERSATION_TABLE.columns, ...ORIGIN],
  schema: [{ name: "schema", num_children: 4 }, ...CONVERSATION_COLUMNS, ...ORIGIN.map(textColumn)],
};

/**
 * Checks what is to be written for the hub and writes nothing.
 *
 * @throws AgentRefineError when it cannot be followed
 */
export async function planHubFolder(directory: string, options: HubOptions): Promise<HubPlan> {
  const { out, replace = false, directory: base = ".", personaLicense } = options;
  const run = await openGeneratedRun(resolve(base, directory));
  const place = { out: resolve(base, out), shown: out };
  const replaces = await checkReplacement("hub", place, replace, Object.values(run.paths));
  const settings = runSettings.safeParse(run.description.settings);
  if (!settings.success) {
    throw new AgentRefineError(`${run.paths.run} is damaged: its settings are not those of a run`, {
      fix: "Restore it from a copy.",
    });
  }
  const personaLicence =
    personaLicense ?? (settings.data.personas.source === "shipped" ? "Apache-2.0" : undefined);
  return { run, place, replaces, settings: settings.data, personaLicence, options };
}

function settingsFacts({
  run,
  settings,
  options: { subset },
}: HubPlan): readonly (readonly [string, string])[] {
  const { errors, model } = settings;
  const facts = {
    agentrefine: run.description.agentrefine,
    provider: model.provider,
    ...numbersOf(model),
    ...numbersOf(settings),
    ...(errors ? {} : { "errors and refinements": "none" }),
    subset: subset && `${subset.size} trajectories, seed ${subset.seed}`,
  };
  return Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
}

/** How many bytes of text a file holds at the most, before it is compressed; the limit of Hugging Face's `datasets`. */
const SHARD_BYTES = 500_000_000;

const padded = (number: number): string => String(number).padStart(5, "0");

/** A row with the bytes of text that it adds to its file. */
interface SizedRow {
  readonly row: object;
  readonly bytes: number;
}

/**
 * Writes rows into a folder as `train-00000-of-0000N.parquet` and so on, each file with at most so many bytes of text
 * but at least one row. Memory does not grow with the number of rows. How many files there are is known at the end
 * only, so they get their names then: the folder should not be seen by anybody before. Gives the number of rows.
 */
async function writeShards(
  rows: AsyncIterable<SizedRow>,
  table: ParquetTable,
  folder: string,
  shardBytes: number = SHARD_BYTES,
): Promise<number> {
  const source = rows[Symbol.asyncIterator]();
  let next = await source.next();
  async function* shard(): AsyncGenerator<object> {
    for (let bytes = 0; next.done !== true; next = await source.next()) {
      if (bytes > 0 && bytes + next.value.bytes > shardBytes) return;
      bytes += next.value.bytes;
      yield next.value.row;
    }
  }
  const part = (number: number): string => join(folder, `train-${padded(number)}.part`);
  let [count, rowCount] = [0, 0];
  try {
    for (; next.done !== true; count += 1) {
      rowCount += await writeAtomically(part(count), (file) => writeParquet(shard(), table, file));
    }
  } finally {
    await source.return?.();
  }
  for (let number = 0; number < count; number += 1) {
    // The hub's viewer finds them by this name.
    const path = join(folder, `train-${padded(number)}-of-${padded(count)}.parquet`);
    await rename(part(number), path).catch((error: unknown) => {
      throw storageError(error, "write", path);
    });
  }
  return rowCount;
}

/** Writes what was planned. Throws AgentRefineError, and what `stop` was aborted with when it was. */
export async function performHubFolder(plan: HubPlan): Promise<HubResult> {
  const { run, place, replaces, options } = plan;
  const source = await openRunSource(run, options);
  const { source: named } = plan.settings.personas;
  const personas = {
    // Of a file only its name is told: the path is the user's own business.
    name: SOURCES.get(named) ?? basename(named),
    licence: plan.personaLicence ?? "unknown",
  };
  let errorRuns = NO_ERROR_RUNS;
  let sample: object | undefined;
  async function* rows(): AsyncGenerator<SizedRow> {
    for await (const { id, trajectory } of source.trajectories()) {
      const example = trainingExample(id, trajectory);
      if (example === undefined) continue;
      errorRuns = addErrorRuns(errorRuns, trajectory.turns);
      options.onProgress?.(errorRuns.trajectories);
      const row = {
        ...conversationRow(example),
        persona_source: personas.name,
        persona_license: personas.licence,
      };
      sample ??= row;
      const bytes = example.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
      yield { row, bytes };
    }
  }
  const fill = async (folder: string): Promise<number> => {
    const data = join(folder, "data");
    await mkdir(data).catch((error: unknown) => {
      throw storageError(error, "write", data);
    });
    const count = await writeShards(rows(), HUB_TABLE, data, options.shardBytes);
    const card = hubCard({
      title: basename(place.out),
      licence: options.license ?? "other",
      rows: count,
      model: plan.settings.model.name,
      settings: [...runFacts(source), ...annotationFacts(source), ...settingsFacts(plan)],
      personas,
      errorRuns,
      sample: sample ?? {},
    });
    await writeFileAtomically(join(folder, "README.md"), card);
    return count;
  };
  return { rows: await writeFolderAtomically(place.out, fill, { replace: replaces }), source };
}

/**
 * Writes the accepted trajectories of a run as a data set of the Hugging Face hub has them: `data/train-*.parquet`, at
 * most 500 MB of text each, and the dataset card. The folder appears under its name when it is complete; `hf upload
 * OWNER/NAME FOLDER --repo-type dataset` uploads it.
 *
 * @param directory the folder of a run
 * @throws AgentRefineError when something is in the way, there is no accepted trajectory, or the disk refuses
 */
export async function writeHubFolder(directory: string, options: HubOptions): Promise<HubResult> {
  return performHubFolder(await planHubFolder(directory, options));
}
