import type { Recipe } from "./recipe.ts";
import type { TrainingEngineName } from "./training-engine-name.ts";

/** A Python package that a training needs, by its name at PyPI. */
export interface EnginePackage {
  readonly name: string;
  /** The first version that does, and the first that may not; undefined when any does. */
  readonly versions?: { readonly from: string; readonly below: string };
}

/**
 * The versions of each engine for which the written configuration is known to hold. TRL takes labels as they are
 * from 0.20 on; before, it trained on every token. LLaMA-Factory has its command line and `tokenized_path` with a
 * folder of `load_from_disk` in all of 0.9, and axolotl the command `axolotl train` from 0.6 on.
 */
const ENGINE_VERSIONS: Readonly<
  Record<TrainingEngineName, { readonly from: string; readonly below: string }>
> = {
  llamafactory: { from: "0.9", below: "1" },
  trl: { from: "0.20", below: "2" },
  axolotl: { from: "0.6", below: "1" },
};

/** What Python must have for a training, the engine first. */
export function enginePackages(
  engine: TrainingEngineName,
  { deepSpeed, method }: Pick<Recipe, "deepSpeed" | "method">,
): readonly [EnginePackage, ...EnginePackage[]] {
  return [
    { name: engine, versions: ENGINE_VERSIONS[engine] },
    { name: "torch" },
    ...(deepSpeed === "none" ? [] : [{ name: "deepspeed" }]),
    ...(method === "lora" && engine === "trl" ? [{ name: "peft" }] : []),
  ];
}

/** The numbers at the beginning of a version: `0.9.6.dev0` gives 0, 9, 6. */
function numbersOf(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
}

/** Whether a version comes before another one, by their numbers; a version before a release counts as the release. */
export function comesBefore(version: string, other: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(other)];
  for (let place = 0; place < Math.max(left.length, right.length); place += 1) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** How packages are written for pip, ready to be pasted into a shell. */
export function pipInstall(packages: readonly EnginePackage[]): string {
  const words = packages.map(({ name, versions }) =>
    versions === undefined ? name : `'${name}>=${versions.from},<${versions.below}'`,
  );
  return `pip install ${words.join(" ")}`;
}
