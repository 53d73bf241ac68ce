import * as z from "zod";
import type { SkippedLine } from "../annotation/annotation-file.ts";
import {
  type AnnotationSelection,
  selectAnnotated,
  selectionWords,
  selectsAll,
} from "../annotation/condition.ts";
import { AgentRefineError } from "../errors.ts";
import { readPlaced } from "../runs/journal.ts";
import type { LinePlace } from "../runs/journal-bytes.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import {
  countPersonas,
  indexSyntheses,
  lineAt,
  openLines,
  recordsAt,
  storedTrajectory,
} from "../synthesis/read-run.ts";
import { CALLS } from "../synthesis/record.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";
import { WIRES, type Wire } from "../trajectory/turn-wires.ts";
import { ABLATIONS, type ExportAblation } from "./ablation.ts";
import type { GuideNotes } from "./export-guide.ts";
import {
  type FirstTrajectory,
  firstTrajectories,
  type KeptReply,
  readUnverified,
  type UnverifiedCounts,
  type UnverifiedKind,
} from "./no-verification.ts";
import { chooseSubset } from "./subset.ts";
import { type TrainingExample, trainingExample } from "./training-example.ts";

/** How large a subset is and by which seed it is chosen. */
export interface SubsetSettings {
  readonly size: number;
  readonly seed: number;
}

/** Which of a run's trajectories are taken, and what is made of them. What is said of them counts before a subset. */
export interface RunSelection extends AnnotationSelection {
  /** What is trained in place of Eq. 1. */
  readonly ablation?: ExportAblation | undefined;
  /** So many of the trajectories; chosen before the ablation, so that ablations of one subset are of the same ones. */
  readonly subset?: SubsetSettings | undefined;
  readonly stop?: AbortSignal | undefined;
}

/** A trajectory of a run, with the fields of its row in the format `trajectories` (App. L and M). */
interface RunTrajectory {
  readonly id: string;
  readonly trajectory: Trajectory;
  /** Of what was accepted: the persona's text, the script and the turns as the model wrote them. */
  readonly row?: {
    readonly id: string;
    readonly persona: string;
    readonly script: unknown;
    readonly trajectory: readonly unknown[];
  };
}

/** A run that was looked through, from which its trajectories can be read in the order of its personas. */
export interface RunSource {
  readonly run: RunFolder;
  /** Personas that have ended, whatever came of them. */
  readonly ended: number;
  readonly personas: number;
  readonly selection: RunSelection;
  readonly size: number;
  /** What was not verified, for the ablation `no-verification`. */
  readonly unverified: UnverifiedCounts | undefined;
  /** How many were left out for what is said of them, or is not. */
  readonly leftOut: number;
  /** Lines of the annotations that could not be read; none when they were not asked for. */
  readonly skipped: readonly SkippedLine[];
  trajectories(): AsyncIterable<RunTrajectory>;
}

/** Those of some items that a selection chooses: by what is said of them, then the subset. Throws AgentRefineError. */
async function chosenOf<Item extends { readonly id: string }>(
  { directory }: RunFolder,
  items: readonly Item[],
  selection: RunSelection,
): Promise<Pick<RunSource, "leftOut" | "skipped"> & { readonly chosen: readonly Item[] }> {
  const { items: taken, leftOut, skipped } = await selectAnnotated(directory, items, selection);
  if (taken.length === 0) {
    throw new AgentRefineError(`none of ${items.length} trajectories is left: ${selectionWords(selection)}`, {
      fix: "`agentrefine show` lists with the same 'only' and 'without'.",
    });
  }
  return { chosen: inSubset(taken, selection.subset), leftOut, skipped };
}

function inSubset<Item extends { readonly id: string }>(
  items: readonly Item[],
  subset: SubsetSettings | undefined,
): readonly Item[] {
  if (subset === undefined) return items;
  const chosen = chooseSubset(
    items.map(({ id }) => id),
    subset.size,
    subset.seed,
  );
  return items.filter(({ id }) => chosen.has(id));
}

function requireSome(items: readonly unknown[], run: RunFolder, what: string): void {
  if (items.length > 0) return;
  throw new AgentRefineError(`${run.directory} has no ${what} trajectory to export`, {
    fix: "Look at what was rejected with `agentrefine show`.",
  });
}

const written = z.object({ wire: z.enum(WIRES).default("paper") });

/** The form in which the replies of a run are written; runs of before there was a choice do not say. */
function wireOfRun({ description }: RunFolder): Wire {
  return written.safeParse(description.settings).data?.wire ?? "paper";
}

const streamed = z.object({ model: z.object({ stream: z.boolean().optional() }) });

/** The replies of a run. Throws AgentRefineError at one that was stopped at a fault, so that its rest is missing. */
async function* wholeReplies(
  { paths, description }: RunFolder,
  stop: AbortSignal | undefined,
): AsyncGenerator<KeptReply & { readonly place: LinePlace }> {
  const settings = streamed.safeParse(description.settings);
  // What is not streamed is read to its end, also what earlier versions noted as stopped at a fault.
  const areWhole = settings.success && settings.data.model.stream === false;
  for await (const { value: call, start, length } of readPlaced(paths.calls, CALLS)) {
    stop?.throwIfAborted();
    if (!("text" in call)) continue;
    if (call.finish === "aborted" && !areWhole) {
      throw new AgentRefineError(
        "replies of this run were stopped at their first fault, so that the rest of them is missing",
        { fix: "Generate the run for this ablation with --no-stream." },
      );
    }
    yield { ...call, place: { start, length } };
  }
}

/** The trajectories that were not verified, read from the two calls of each. */
async function* unverifiedAt(
  run: RunFolder,
  found: readonly FirstTrajectory<LinePlace>[],
  stop: AbortSignal | undefined,
): AsyncGenerator<RunTrajectory> {
  await using journal = await openLines(run.paths.calls);
  const wire = wireOfRun(run);
  const text = z.object({ text: z.string() });
  const replyAt = async (place: LinePlace): Promise<string> =>
    text.parse(JSON.parse(await lineAt(journal, place))).text;
  for (const { id, script, trajectory: place } of found) {
    stop?.throwIfAborted();
    const trajectory = readUnverified(await replyAt(script), await replyAt(place), wire);
    if (trajectory !== undefined) yield { id, trajectory };
  }
}

async function unverifiedSource(
  run: RunFolder,
  ended: number,
  selection: RunSelection,
): Promise<Pick<RunSource, "size" | "unverified" | "leftOut" | "skipped" | "trajectories">> {
  const { subset, stop } = selection;
  const kinds = { "few-errors": 0, "unmatched-action": 0, right: 0 };
  const unusable = { unparsed: 0, incomplete: 0 };
  const usable: (FirstTrajectory<LinePlace> & { readonly kind: UnverifiedKind })[] = [];
  for await (const { kind, ...found } of firstTrajectories(wholeReplies(run, stop), wireOfRun(run))) {
    if (kind === "unparsed" || kind === "incomplete") unusable[kind] += 1;
    else usable.push({ ...found, kind });
  }
  requireSome(usable, run, "complete");
  usable.sort((one, other) => one.index - other.index);
  const { chosen, ...others } = await chosenOf(run, usable, selection);
  for (const { kind } of chosen) kinds[kind] += 1;
  // Of a run at work, personas that have not ended may have a trajectory already.
  const none = Math.max(0, ended - usable.length - unusable.unparsed - unusable.incomplete);
  return {
    ...others,
    size: chosen.length,
    unverified: { kinds, unusable: subset === undefined ? { ...unusable, none } : unusable },
    trajectories: () => unverifiedAt(run, chosen, stop),
  };
}

/**
 * Looks through a run once: how far it is, and which of its trajectories are taken.
 *
 * @throws AgentRefineError when there is none, or the subset is larger than the run, or its files are damaged
 */
export async function openRunSource(run: RunFolder, selection: RunSelection = {}): Promise<RunSource> {
  const { ablation, stop } = selection;
  const [index, personas] = [await indexSyntheses(run.paths, stop), await countPersonas(run.paths)];
  const known = { run, selection, ended: index.length, personas };
  if (ablation === "no-verification") {
    return { ...known, ...(await unverifiedSource(run, index.length, selection)) };
  }
  const accepted = index.filter(({ outcome }) => outcome === "accepted");
  requireSome(accepted, run, "accepted");
  const { chosen, ...others } = await chosenOf(run, accepted, selection);
  async function* trajectories(): AsyncGenerator<RunTrajectory> {
    for await (const record of recordsAt(run.paths, chosen)) {
      stop?.throwIfAborted();
      const read = storedTrajectory(record);
      const { id, persona, script, trajectory = [] } = record;
      if (read !== undefined) yield { id, trajectory: read, row: { id, persona, script, trajectory } };
    }
  }
  return { ...known, ...others, size: chosen.length, unverified: undefined, trajectories };
}

export async function* runExamples({ selection, trajectories }: RunSource): AsyncGenerator<TrainingExample> {
  const { ablation } = selection;
  for await (const { id, trajectory } of trajectories()) {
    const example = trainingExample(id, trajectory);
    if (example === undefined) continue;
    yield ablation === undefined || ablation === "no-verification"
      ? example
      : ABLATIONS[ablation].apply(example);
  }
}

/** The kinds of what was not verified, and what was left out, in words. */
export function unverifiedWords({ kinds, unusable }: UnverifiedCounts): {
  readonly kinds: string;
  readonly unusable: string;
} {
  const left = [
    ["unparsed", "with a trajectory that cannot be parsed"],
    ["incomplete", "with an incomplete one"],
    ["none", "without any"],
  ] as const;
  return {
    kinds: `${kinds["few-errors"]} without enough refinement, ${kinds["unmatched-action"]} with an action that matches nothing, ${kinds.right} right`,
    unusable: left
      .flatMap(([reason, words]) => (unusable[reason] === undefined ? [] : [`${unusable[reason]} ${words}`]))
      .join(", "),
  };
}

export function unfinished({
  ended,
  personas,
}: RunSource): { readonly ended: number; readonly personas: number } | undefined {
  return ended < personas ? { ended, personas } : undefined;
}

/** When a run began and, if it has not ended, how far it was: what a README says of where the data comes from. */
export function runFacts(source: RunSource): GuideNotes["facts"] {
  const { run, ended, personas } = source;
  const began = ["run started at", run.description.createdAt] as const;
  return unfinished(source) === undefined
    ? [began]
    : [began, ["the run was not finished", `${ended} of ${personas} personas had ended`]];
}

/** What stands at the head of the README of data that Eq. 1 is not trained on. */
const WARNINGS: Readonly<Record<ExportAblation, string>> = {
  "no-refinement-loss":
    "This is the ablation `no-refinement-loss` (paper Table 2): refinement turns, which come right after an error turn, are masked too.",
  "erroneous-loss": "This is the ablation `erroneous-loss` (paper Table 2): error turns ARE trained.",
  "no-verification":
    "This is the ablation `no-verification` (paper Table 11): the trajectories were not verified, and some have wrong actions that nobody flagged and that are trained; turns that were flagged are masked.",
};

/** What a README says of a selection: what is taken, and what is trained in place of Eq. 1. */
export function selectionNotes({ ablation, subset }: RunSelection, rows: string): GuideNotes {
  const facts: (readonly [string, string])[] = [];
  if (subset !== undefined) facts.push(["subset", `${subset.size} ${rows}, seed ${subset.seed}`]);
  if (ablation === undefined) return { facts };
  return { facts: [...facts, ["ablation", ablation]], warning: WARNINGS[ablation] };
}

export function runNotes(source: RunSource): GuideNotes {
  const { facts, ...warning } = selectionNotes(source.selection, "trajectories");
  const unverified = source.unverified && unverifiedWords(source.unverified);
  const left: GuideNotes["facts"] =
    unverified === undefined
      ? []
      : [
          ["kinds (Table 11)", unverified.kinds],
          ["personas left out", unverified.unusable],
        ];
  return { facts: [...runFacts(source), ...annotationFacts(source), ...facts, ...left], ...warning };
}

/** What a README says of a selection by annotations; nothing when all were taken. */
export function annotationFacts({ selection, leftOut }: RunSource): GuideNotes["facts"] {
  if (selectsAll(selection)) return [];
  return [["chosen by annotations", `${selectionWords(selection)}; ${leftOut} trajectories left out`]];
}
