import { resolve } from "node:path";
import type { ExportAblation, ExportFlags } from "../../config/flags.ts";
import { loadConfig } from "../../config/load-config.ts";
import { openGeneratedRun, type RunFolder } from "../../runs/run-folder.ts";
import { exportWords, pushWords } from "../export-words.ts";
import type { Host } from "../terminal/host.ts";
import { UsageError } from "../usage-error.ts";
import { givenFlag } from "./given-flag.ts";
import { checkOverwrite, placeOf } from "./overwrite.ts";
import { type PushOrder, pushOrder } from "./push-order.ts";
import type { SubsetSettings } from "./subset-of.ts";
import { checkTokenizer, chooseTarget, type TextTarget, type TokenizedTarget } from "./target.ts";

/** What an export writes. */
export type ExportGoal =
  | {
      readonly kind: "examples";
      readonly target: TextTarget | TokenizedTarget;
      readonly engine: { readonly title: string; readonly settings: string } | undefined;
    }
  | { readonly kind: "trajectories"; readonly out: string }
  | {
      readonly kind: "hub";
      readonly out: string;
      readonly license: string | undefined;
      readonly personaLicense: string | undefined;
    };

/** What an export has to do, checked. */
export interface ExportPlan {
  readonly run: RunFolder;
  readonly goal: ExportGoal;
  readonly ablation: ExportAblation | undefined;
  readonly subset: SubsetSettings | undefined;
  /** Whether something is replaced. */
  readonly replaces: boolean;
  /** Where it is uploaded to; undefined when it is not. */
  readonly push: PushOrder | undefined;
}

function hubGoal(hub: string, flags: ExportFlags, directory: string): ExportGoal {
  const { format, engine, tokenizer, template, maxTokens, ablation, license, personaLicense } = flags;
  if (flags.out !== undefined) throw new UsageError(exportWords.outAndHub, { fix: exportWords.outAndHubFix });
  const needless = givenFlag({ format, engine, tokenizer, template, maxTokens, ablation });
  if (needless !== undefined) {
    throw new UsageError(exportWords.notWithHub(needless), { fix: exportWords.leaveOutFix });
  }
  return { kind: "hub", out: resolve(directory, hub), license, personaLicense };
}

async function fileGoal(flags: ExportFlags, host: Host): Promise<ExportGoal> {
  const { out, license, personaLicense, ablation, push } = flags;
  if (push !== undefined) throw new UsageError(pushWords.onlyWithHub, { fix: pushWords.onlyWithHubFix });
  if (out === undefined) throw new UsageError(exportWords.noOut, { fix: exportWords.noOutFix });
  const needless = givenFlag({ license, personaLicense });
  if (needless !== undefined) {
    throw new UsageError(exportWords.onlyWithHub(needless), { fix: exportWords.leaveOutFix });
  }
  const config = await loadConfig(host.directory, flags.config);
  const { target, engine } = chooseTarget(out, flags, config.export ?? {}, host.directory);
  if (target.kind !== "trajectories") return { kind: "examples", target, engine };
  if (ablation !== undefined) {
    throw new UsageError(exportWords.ablationOfTrajectories, { fix: exportWords.ablationOfTrajectoriesFix });
  }
  return { kind: "trajectories", out: target.out };
}

/**
 * What the flags of `export` ask for of the run in a folder. Throws AgentRefineError when they cannot be followed;
 * writes nothing.
 */
export async function planExport(flags: ExportFlags, folder: string, host: Host): Promise<ExportPlan> {
  const { hub, ablation, seed, subset: size, force = false } = flags;
  if (seed !== undefined && size === undefined) {
    throw new UsageError(exportWords.seedAlone, { fix: exportWords.leaveOutFix });
  }
  const goal = hub === undefined ? await fileGoal(flags, host) : hubGoal(hub, flags, host.directory);
  const run = await openGeneratedRun(resolve(host.directory, folder));
  const replaced = goal.kind === "examples" ? goal.target : ({ format: goal.kind, out: goal.out } as const);
  const place = placeOf(replaced, host.directory);
  const replaces = await checkOverwrite(place, force, Object.values(run.paths));
  if (goal.kind === "examples") await checkTokenizer(goal.target);
  return {
    run,
    goal,
    ablation,
    subset: size === undefined ? undefined : { size, seed: seed ?? 1 },
    replaces,
    push: await pushOrder(flags, host),
  };
}
