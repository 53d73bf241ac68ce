import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { AgentRefineError } from "../../errors.ts";
import { writeFileAtomically } from "../../runs/atomic-file.ts";
import { writeFolderAtomically } from "../../runs/atomic-folder.ts";
import { storageError } from "../../runs/storage-error.ts";
import { type HubCard, hubCard } from "./hub-card.ts";
import { HUB_TABLE, hubRow, type PersonaSource } from "./hub-rows.ts";
import { type SizedRow, writeShards } from "./write-shards.ts";

/** What is written for the hub. */
export interface WriteHubOptions {
  readonly examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>;
  /** The path of the folder. */
  readonly out: string;
  /** The origin of a row's persona, by the row's id. */
  personaOf(id: string): PersonaSource;
  /** The dataset card; called when all examples have been read. */
  card(rows: number): Promise<HubCard>;
  /** Whether a folder of that name may be replaced. */
  readonly replace?: boolean;
  /** How many bytes of text a file holds at the most. */
  readonly shardBytes?: number;
}

/** The bytes of an example's texts, which are nearly all that a row holds. */
function textBytes({ messages }: TrainingExample): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
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
  shardBytes,
}: WriteHubOptions): Promise<number> {
  async function* rows(): AsyncGenerator<SizedRow> {
    for await (const example of examples) {
      yield { row: hubRow(example, personaOf(example.id)), bytes: textBytes(example) };
    }
  }
  const fill = async (folder: string): Promise<number> => {
    const data = join(folder, "data");
    await mkdir(data).catch((error: unknown) => {
      throw storageError(error, "write", data);
    });
    const count = await writeShards(rows(), HUB_TABLE, data, shardBytes);
    if (count === 0) {
      throw new AgentRefineError("there is no row to publish", { fix: "Choose a run that has data." });
    }
    await writeFileAtomically(join(folder, "README.md"), hubCard(await card(count)));
    return count;
  };
  return writeFolderAtomically(out, fill, { replace });
}
