import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AgentRefineError } from "../errors.ts";
import { isRun } from "../runs/change-run.ts";

// Several models that one command has play, one after the other.

/** The name of a model's folder: what no file system minds of the model's own, such as `step-100` of `out/step-100`. */
function folderName(model: string): string {
  const words = model.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return words === "" ? "model" : words;
}

/** The evaluations of several models within a folder, which are resumed together; else the folder itself. */
async function partsOf(directory: string): Promise<readonly (readonly [directory: string])[]> {
  if (await isRun(directory)) return [[directory]];
  const names = await readdir(directory).catch(() => []);
  const inside = names.sort().map((name) => join(directory, name));
  const found = await Promise.all(inside.map(async (path) => ((await isRun(path)) ? [[path] as const] : [])));
  return found.flat().length > 0 ? found.flat() : [[directory]];
}

/**
 * The folders of the evaluations of some models: one model plays in the folder that was given, and of several each in one
 * of its own within it; without any, those that are there are resumed. `isWhole` says that the folder is one evaluation,
 * since it is told what is played in it. Throws AgentRefineError.
 */
export async function foldersOf(
  models: readonly string[],
  directory: string,
  isWhole: boolean,
): Promise<readonly (readonly [directory: string, model?: string])[]> {
  const [first, ...others] = models;
  if (first === undefined) return isWhole ? [[directory]] : partsOf(directory);
  if (others.length === 0) return [[directory, first]];
  const twice = models.find((model, place) => models.indexOf(model) !== place);
  if (twice !== undefined) {
    throw new AgentRefineError(`the model ${twice} is given twice`, {
      fix: "Give it once; 'samples' attempts each task several times.",
    });
  }
  if (await isRun(directory)) {
    throw new AgentRefineError("several models cannot play in the folder of one evaluation", {
      fix: "Give another folder ('out'): each of them gets a folder within it.",
    });
  }
  const taken = new Map<string, string>();
  return models.map((model) => {
    const name = folderName(model);
    const other = taken.get(name.toLowerCase());
    if (other !== undefined) {
      throw new AgentRefineError(`${other} and ${model} would both play in the folder ${name}`, {
        fix: "Evaluate them one by one, each with a folder ('out') of its own.",
      });
    }
    taken.set(name.toLowerCase(), model);
    return [join(directory, name), model];
  });
}
