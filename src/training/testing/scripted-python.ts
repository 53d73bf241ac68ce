import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** How a scripted interpreter behaves. */
export interface ScriptedPython {
  /** The packages that it claims to have. */
  readonly packages: Readonly<Record<string, string>>;
  readonly devices?: number;
  /** Why its PyTorch cannot be loaded. */
  readonly torchProblem?: string;
  /** What it does when a training is started with it, as lines of bash in the training's folder. */
  readonly training?: string;
}

/**
 * What the trainer of Hugging Face prints in three steps, and a checkpoint; the forms are those of its versions 4 and
 * 5.
 */
export const THREE_STEPS = `
printf 'Loading weights: 100%%|####| 20/20 [00:00<00:00]\\n' >&2
printf '\\r  0%%|    | 0/3 [00:00<?, ?it/s]\\r 33%%|#   | 1/3 [00:01<00:02]' >&2
echo "{'loss': 7.5, 'grad_norm': 0.5, 'learning_rate': 5e-06, 'epoch': 0.33}"
echo "{'loss': '7.25', 'grad_norm': '0.4', 'learning_rate': '4e-06', 'epoch': '0.67'}"
echo "{'loss': '7', 'grad_norm': '0.3', 'learning_rate': '0', 'epoch': '1'}"
printf '\\r100%%|####| 3/3 [00:03<00:00]\\n' >&2
echo "{'train_runtime': '3.1', 'train_loss': '7.25', 'epoch': '1'}"
mkdir -p checkpoints && echo weights > checkpoints/model.safetensors
`;

/** The interpreter that completes checkpoints, also where a scripted one stands before it on the path. */
const REAL_PYTHON =
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "python3"))
    .find((path) => existsSync(path)) ?? "true";

/**
 * Writes a folder like the \`bin\` of a virtual environment, in which \`python3\` is a program of bash that behaves as
 * it is told. Gives the interpreter's path.
 */
export async function scriptPython(
  folder: string,
  { packages, devices, torchProblem, training = THREE_STEPS }: ScriptedPython,
): Promise<string> {
  const path = join(folder, "python3");
  const found = JSON.stringify({ packages, devices: devices ?? null, torchProblem: torchProblem ?? null });
  await mkdir(folder, { recursive: true });
  await writeFile(
    path,
    `#!/bin/bash\nif [ "$1" = "complete.py" ]; then exec "${REAL_PYTHON}" "$@"; fi\nif [ "$1" = "-c" ]; then echo '${found}'; exit 0; fi\n${training}\n`,
  );
  await chmod(path, 0o755);
  return path;
}
