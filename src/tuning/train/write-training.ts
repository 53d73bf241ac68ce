import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { GuideNotes } from "../../dataset/formats/export-guide.ts";
import type { TrainingExample } from "../../dataset/training-example.ts";
import { writeFileAtomically } from "../../runs/atomic-file.ts";
import { writeFolderAtomically } from "../atomic-folder.ts";
import { exportTokenized } from "../export-tokenized.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { recipeFiles, TRAINING_ENGINES } from "../recipes/recipe-files.ts";
import type { TrainingEngineName } from "../recipes/training-engine-name.ts";
import type { TokenizedTally } from "../tokenized-row.ts";

/** A training that is to be written as a folder. */
export interface WriteTrainingOptions {
  readonly engine: TrainingEngineName;
  readonly recipe: Recipe;
  readonly examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>;
  /** What the data's README says of where it comes from; asked for when all has been read. */
  readonly notes?: () => Promise<GuideNotes>;
  /** The path of the folder. */
  readonly out: string;
  /** Whether a folder of that name may be replaced, with everything that is in it. */
  readonly replace?: boolean;
  /** Called after each example, for a progress line. */
  readonly onRow?: (tally: TokenizedTally) => void;
}

const EXECUTABLE = 0o755;

/**
 * Writes everything that an engine needs for a training into a folder: the tokenised data with the labels of Eq. 1,
 * the configuration, scripts that start it, and READMEs of both. The folder appears under its name only when it is
 * complete. Gives what was tokenised, cut and dropped.
 *
 * @throws AgentRefineError when the tokenizer, an example, the target or the disk do not allow it, or no row is left
 */
export async function writeTraining(options: WriteTrainingOptions): Promise<TokenizedTally> {
  const { engine, recipe, examples, notes, out, replace = false, onRow } = options;
  const { format, data } = TRAINING_ENGINES[engine];
  const fill = async (folder: string): Promise<TokenizedTally> => {
    const target = join(folder, data);
    const tally = await exportTokenized({
      examples,
      format,
      out: target,
      job: { tokenizer: recipe.tokenizer, template: recipe.template, maxTokens: recipe.maxTokens },
      ...(notes === undefined ? {} : { notes }),
      ...(onRow === undefined ? {} : { onRow }),
    });
    for (const { path, text, isExecutable } of recipeFiles(engine, recipe)) {
      await writeFileAtomically(join(folder, path), text);
      if (isExecutable) await chmod(join(folder, path), EXECUTABLE);
    }
    return tally;
  };
  return writeFolderAtomically(out, fill, { replace });
}
