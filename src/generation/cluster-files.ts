import { basename, isAbsolute, join, normalize } from "node:path";
import { OFFLINE, STANDARD_INPUT } from "../config/run-settings.ts";
import type { GenerateConfig } from "../config/settings.ts";
import { AgentRefineError } from "../errors.ts";
import { printableLine, shellWord } from "../printable.ts";
import { programVersion } from "../runs/run-folder.ts";
import { shippedText } from "../shipped.ts";

// Files for the schedulers that start one command many times: each in data/clusters, with places `{{name}}` that are
// filled in from the config file of the folder.

/** Release of Node that is put on a machine that has none. */
export const NODE = "24.18.1";

/** A scheduler that files are written for. */
interface Scheduler {
  readonly files: readonly string[];
  /** Whether the folder itself does not go along: its files are copied to where the work is done. */
  readonly isElsewhere: boolean;
  /** What is typed then, line by line. */
  readonly commands: (plan: Plan) => readonly string[];
}

/** What the files are filled in with. */
interface Plan {
  readonly name: string;
  readonly out: string;
  readonly shards: number;
  /** The flag that hands over the file with the key; empty for the built-in author, which needs none. */
  readonly env: "" | " --env-file .env";
}

export const SCHEDULERS: Readonly<Record<"slurm" | "kubernetes" | "skypilot", Scheduler>> = {
  slurm: {
    files: ["slurm/shards.sbatch", "slurm/merge.sbatch"],
    isElsewhere: false,
    commands: () => [
      "job=$(sbatch --parsable slurm/shards.sbatch)",
      'sbatch --dependency=afterany:"$job" slurm/merge.sbatch',
    ],
  },
  kubernetes: {
    files: ["kubernetes/volume.yaml", "kubernetes/shards.yaml", "kubernetes/merge.yaml"],
    isElsewhere: true,
    commands: ({ name, out, env }) => [
      ...(env === ""
        ? []
        : [`kubectl create secret generic ${name} --from-env-file=.env   # where the model needs a key`]),
      "kubectl apply -f kubernetes/volume.yaml",
      `kubectl wait --for=condition=Ready --timeout=10m pod/${name}-files`,
      `tar -c --exclude=./.env --exclude=./runs --exclude=./node_modules . | kubectl exec -i ${name}-files -- tar -x`,
      "kubectl apply -f kubernetes/shards.yaml",
      `kubectl wait --for=condition=Complete --timeout=-1s job/${name}`,
      "kubectl apply -f kubernetes/merge.yaml",
      `kubectl wait --for=condition=Complete --timeout=-1s job/${name}-merge`,
      `kubectl cp ${name}-files:/data/${out} ${out}`,
    ],
  },
  skypilot: {
    files: ["skypilot/shards.yaml", "skypilot/merge.yaml"],
    isElsewhere: true,
    commands: ({ name, shards, env }) => [
      `for shard in $(seq 0 ${shards - 1}); do`,
      `  sky jobs launch --yes --detach-run --name ${name}-$shard${env} --env SHARD=$shard skypilot/shards.yaml`,
      "done",
      "sky jobs launch --yes skypilot/merge.yaml   # when sky jobs queue shows that all have ended",
    ],
  },
};

/** The name of one of {@link SCHEDULERS}. */
type SchedulerName = keyof typeof SCHEDULERS;

/** What is written for a scheduler, and what is typed then. */
export interface ClusterFiles {
  /** Named from the folder of the config. */
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly commands: readonly string[];
}

/** A name that Kubernetes, Slurm and bucket stores all take. */
function nameOf(out: string): string {
  const plain = basename(out)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 32);
  return `agentrefine-${plain}`.replace(/-+$/, "");
}

function requireInside(path: string, what: string): void {
  if (!isAbsolute(path) && !normalize(path).startsWith("..")) return;
  throw new AgentRefineError(`the ${what} of the config, ${path}, lies outside of its folder`, {
    fix: "Only the folder goes along to such a cluster: use a path inside of it.",
  });
}

/** The limits of a run as they are for one of its shards, as flags. */
function limitFlags({ maxCost, concurrency }: GenerateConfig, shards: number, atOnce: number): string {
  const cost = maxCost === undefined ? "" : ` --max-cost ${Math.floor((maxCost / shards) * 10_000) / 10_000}`;
  const calls = concurrency === undefined ? "" : ` --concurrency ${Math.ceil(concurrency / atOnce)}`;
  return cost + calls;
}

function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing is known for {{${name}}}`);
    return String(value);
  });
}

/** How a run is split for a cluster. */
interface Splitting {
  /** 8 when not given. */
  readonly shards?: number;
  /** Shards that run at the same time, at most; all when not given. */
  readonly atOnce?: number;
  /** The image of the container; `agentrefine` of this version when not given. */
  readonly image?: string;
}

/** The files that run the config of a folder, which is in `file`, on a cluster. Throws AgentRefineError where it cannot be split. */
export async function clusterFiles(
  scheduler: SchedulerName,
  config: GenerateConfig,
  file: string,
  { shards = 8, atOnce = shards, image }: Splitting,
): Promise<ClusterFiles> {
  const { files, commands, isElsewhere } = SCHEDULERS[scheduler];
  const { out, model, personas } = config;
  if (out === undefined || model === undefined) {
    throw new AgentRefineError(`the config file has no generate.${out === undefined ? "out" : "model"}`, {
      fix: "Write it into the file: the shards read their settings from there.",
    });
  }
  if (personas === STANDARD_INPUT) {
    throw new AgentRefineError("the config file reads the personas from the standard input", {
      fix: "Name a file: each shard reads it.",
    });
  }
  if (printableLine(out) !== out) throw new AgentRefineError(`generate.out is no name for a folder: ${out}`);
  if (isElsewhere) {
    requireInside(out, "out");
    if (personas !== undefined) requireInside(personas, "personas");
  }
  const version = await programVersion();
  const running = Math.min(atOnce, shards);
  const folder = shellWord(out.replace(/(?<=.)\/+$/, ""));
  const env = model === OFFLINE ? "" : " --env-file .env";
  const plan = { name: nameOf(out), out: folder, shards, env } as const;
  const values = {
    name: plan.name,
    out: folder,
    shards,
    atOnce: running,
    version,
    node: NODE,
    config: file,
    array: `0-${shards - 1}${running < shards ? `%${running}` : ""}`,
    limits: limitFlags(config, shards, running),
    image: JSON.stringify(image ?? `agentrefine:${version}`),
  };
  return {
    files: files.map((name) => ({ name, content: filled(shippedText(join("clusters", name)), values) })),
    commands: commands(plan),
  };
}
