import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { writeParquet } from "../../dataset/write-parquet.ts";
import { AgentRefineError } from "../../errors.ts";
import { writeAtomically, writeFileAtomically } from "../../runs/atomic-file.ts";
import { storageError } from "../../runs/storage-error.ts";
import { writeFolderAtomically } from "../atomic-folder.ts";
import { type HubCard, hubCard } from "./hub-card.ts";
import { HUB_TABLE, type HubRow, hubRow, type PersonaSource } from "./hub-rows.ts";

/** The one file of the split `train`; the hub's viewer finds it by its name. */
export const HUB_FILE = "train-00000-of-00001.parquet";

/** What is written for the hub. */
export interface WriteHubOptions {
  readonly examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>;
  /** The path of the folder. */
  readonly out: string;
  /** The origin of a row's persona, by the row's id. */
  personaOf(id: string): PersonaSource;
  /** The dataset card; called when all examples have been read. */
  card(rows: number): HubCard;
  /** Whether a folder of that name may be replaced. */
  readonly replace?: boolean;
}

/**
 * Writes a folder as a data set of the Hugging Face hub has it: `data/train-*.parquet` and the dataset card. It appears
 * under its name only when it is complete. Gives the number of rows.
 *
 * @throws AgentRefineError when there are no examples, or the target or the disk do not allow it
 */
export async function writeHub({
  examples,
  out,
  personaOf,
  card,
  replace = false,
}: WriteHubOptions): Promise<number> {
  async function* rows(): AsyncGenerator<HubRow> {
    for await (const example of examples) yield hubRow(example, personaOf(example.id));
  }
  const fill = async (folder: string): Promise<number> => {
    const data = join(folder, "data");
    await mkdir(data).catch((error: unknown) => {
      throw storageError(error, "write", data);
    });
    const count = await writeAtomically(join(data, HUB_FILE), (file) =>
      writeParquet(rows(), HUB_TABLE, file),
    );
    if (count === 0) {
      throw new AgentRefineError("there is no row to publish", { fix: "Generate trajectories first." });
    }
    await writeFileAtomically(join(folder, "README.md"), hubCard(card(count)));
    return count;
  };
  return writeFolderAtomically(out, fill, { replace });
}
