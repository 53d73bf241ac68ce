import type { GuideNotes } from "../../dataset/formats/export-guide.ts";
import { trajectoryRow } from "../../dataset/formats/trajectories.ts";
import { writeJsonl } from "../../dataset/write-jsonl.ts";
import { writeAtomically } from "../../runs/atomic-file.ts";
import { ablationWords, exportWords } from "../export-words.ts";
import type { ExportGoal, ExportPlan } from "./export-plan.ts";
import type { TellProgress } from "./export-progress.ts";
import { runExamples, runTrajectories, type SourceCounts, type SourceOptions } from "./run-source.ts";
import { runFacts } from "./unfinished-note.ts";
import { unverifiedFacts, unverifiedOf } from "./unverified-counts.ts";
import { writeExamples } from "./write-examples.ts";
import { rowsOf, writtenFields, writtenWords } from "./written-words.ts";

/** What came of an export, for the report. */
export interface Performed {
  readonly format: string;
  /** An absolute path. */
  readonly out: string;
  readonly rows: number;
  /** What is said after the first line. */
  readonly lines: readonly string[];
  /** Further fields of the JSON. */
  readonly fields: object;
}

/** What an export is performed with. */
export interface ExportWork {
  readonly plan: ExportPlan;
  readonly source: SourceOptions;
  /** Filled while the run is read. */
  readonly counts: SourceCounts;
  readonly tell: TellProgress;
  /** What shown paths are relative to. */
  readonly directory: string;
}

type Goal<Kind extends ExportGoal["kind"]> = Extract<ExportGoal, { readonly kind: Kind }>;

async function notesOf({ plan, source, counts }: ExportWork): Promise<GuideNotes> {
  const { ablation, subset } = plan;
  const facts = [...(await runFacts(source.run, counts.ended))];
  if (subset !== undefined) facts.push(["subset", `${subset.size} trajectories, seed ${subset.seed}`]);
  if (ablation === undefined) return { facts };
  facts.push(["ablation", ablation]);
  if (ablation === "no-verification") facts.push(...unverifiedFacts(unverifiedOf(counts, subset)));
  return { facts, warning: ablationWords[ablation] };
}

async function performTrajectories(
  { out }: Goal<"trajectories">,
  { source, counts, tell }: ExportWork,
): Promise<Performed> {
  async function* rows(): AsyncGenerator<object> {
    let written = 0;
    for await (const { stored } of runTrajectories(source, counts)) {
      written += 1;
      tell(written);
      yield trajectoryRow(stored);
    }
  }
  const rowCount = await writeAtomically(out, (file) => writeJsonl(rows(), file));
  return { format: "trajectories", out, rows: rowCount, lines: [], fields: {} };
}

async function performHub(
  { out, license, personaLicense }: Goal<"hub">,
  { plan, source, counts, tell }: ExportWork,
): Promise<Performed> {
  const { personaLicence, writeHubFolder } = await import("./write-hub-folder.ts");
  const personas = personaLicence(source.run, personaLicense);
  const rows = await writeHubFolder({
    run: source.run,
    out,
    trajectories: runTrajectories(source, counts),
    licences: { data: license ?? "other", personas },
    subset: plan.subset,
    facts: () => runFacts(source.run, counts.ended),
    replace: plan.replaces,
    tell,
  });
  const lines = [
    license === undefined ? exportWords.otherLicence : undefined,
    personas === undefined ? exportWords.unknownLicence : undefined,
  ].filter((line) => line !== undefined);
  return { format: "hub", out, rows, lines, fields: {} };
}

async function performExamples({ target, engine }: Goal<"examples">, work: ExportWork): Promise<Performed> {
  const { plan, source, counts, tell, directory } = work;
  const written = await writeExamples(target, {
    examples: runExamples(source, counts),
    notes: () => notesOf(work),
    replace: plan.replaces,
    tell,
  });
  const unverified = plan.ablation === "no-verification" ? unverifiedOf(counts, plan.subset) : undefined;
  return {
    format: target.format,
    out: target.out,
    rows: rowsOf(written),
    lines: [
      ...(unverified === undefined ? [] : [exportWords.unverified(unverified)]),
      ...writtenWords(written, engine, directory),
    ],
    fields: { ...writtenFields(written, engine), ...unverified },
  };
}

/** Writes what the plan asks for. */
export function performExport(work: ExportWork): Promise<Performed> {
  const { goal } = work.plan;
  switch (goal.kind) {
    case "trajectories":
      return performTrajectories(goal, work);
    case "hub":
      return performHub(goal, work);
    case "examples":
      return performExamples(goal, work);
  }
}
