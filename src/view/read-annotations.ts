import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { type Annotation, annotatorKey, type TurnAnnotation } from "../annotation/annotation.ts";
import { type Annotations, skippedWords } from "../annotation/annotation-file.ts";
import type { Thumbs, TurnVerdict } from "../annotation/verdict.ts";
import type { SaidInList } from "./run-filter.ts";

/** Who says something on these pages. Where there is nobody, pages have no forms. */
export interface Annotating {
  /** The name under which it is kept. */
  readonly annotator: string;
}

/** What one annotator says of a whole trajectory or episode. */
export interface SaidOfWhole {
  readonly by: string;
  readonly thumbs: Thumbs | undefined;
  readonly tags: readonly string[];
  readonly note: string | undefined;
}

/** What one annotator says of a turn, in sight of its flags. */
export interface SaidOfTurn {
  readonly by: string;
  readonly verdict: TurnVerdict;
  readonly fault: TurnAnnotation["fault"] | undefined;
  readonly note: string | undefined;
}

/** What is said of a trajectory or an episode, as its page shows it. */
export interface AnnotationsView {
  /** Where forms are sent; undefined where nothing may be said. */
  readonly action?: string | undefined;
  /** What the reader has said. */
  readonly mine: SaidOfWhole;
  readonly others: readonly SaidOfWhole[];
  /** By the number of the turn, the reader's first. */
  readonly turns: Readonly<Record<number, readonly SaidOfTurn[]>>;
  /** Tags that are in use in the run, to choose from. */
  readonly tags: readonly string[];
  /** Lines of the file that could not be read, in words. */
  readonly damage: readonly string[];
}

function tagsIn(said: readonly Annotation[]): readonly string[] {
  return said.flatMap((each) => (each.kind === "tag" ? [each.tag] : []));
}

function whole(by: string, said: readonly Annotation[]): SaidOfWhole {
  const thumbs = said.find((each) => each.kind === "thumbs")?.thumbs ?? undefined;
  const note = said.find((each) => each.kind === "note")?.note ?? undefined;
  return { by, tags: tagsIn(said), thumbs, note };
}

function ofTurns(said: readonly Annotation[], annotator: string): AnnotationsView["turns"] {
  const turns = new Map<number, SaidOfTurn[]>();
  for (const each of said) {
    // What was said blind is for section 8 alone, and would lead those astray who have still to judge.
    if (each.kind !== "turn" || each.blind === true || each.verdict === null) continue;
    const { turn, verdict, fault, note } = each;
    const own = { by: annotatorKey(each), verdict, fault, note };
    const known = turns.get(turn) ?? [];
    turns.set(turn, own.by === annotator ? [own, ...known] : [...known, own]);
  }
  return Object.fromEntries(turns);
}

/** What {@link annotationsView} needs beside the annotations: who reads, where they stand, and where forms are sent. */
interface Reading extends Partial<Annotating> {
  readonly folder: string;
  readonly action: string;
}

/** What is said of a trajectory or an episode; with forms when there is an annotator. */
export function annotationsView(
  annotations: Annotations,
  id: string,
  { annotator, folder, action }: Reading,
): AnnotationsView {
  const { tags, damage } = saidInLists(annotations, folder);
  const said = annotations.of.get(id) ?? [];
  const ofWhole = said.filter(({ kind }) => kind !== "turn");
  const names = [...new Set(ofWhole.map(annotatorKey))].filter((name) => name !== annotator);
  const by = (name: string): SaidOfWhole =>
    whole(
      name,
      ofWhole.filter((each) => annotatorKey(each) === name),
    );
  return {
    action: annotator === undefined ? undefined : action,
    mine: by(annotator ?? ""),
    others: names.map(by),
    turns: ofTurns(said, annotator ?? ""),
    tags,
    damage,
  };
}

/** What lists show of annotations, by trajectories and episodes, and what of it is in use, for choosing. */
export function saidInLists({ of, skipped }: Annotations, folder: string) {
  const said = new Map<string, SaidInList>();
  for (const [id, all] of of) {
    const thumbs = all.flatMap((each) => (each.kind === "thumbs" ? (each.thumbs ?? []) : []));
    said.set(id, { tags: [...new Set(tagsIn(all))].sort(), thumbs: [...new Set(thumbs)].sort() });
  }
  const shown = [...said.values()];
  return {
    said,
    tags: [...new Set(shown.flatMap(({ tags }) => tags))].sort(),
    hasThumbs: shown.some(({ thumbs }) => thumbs.length > 0),
    damage: skipped.map((line) => skippedWords(folder, line)),
  };
}

/** Whether somebody may say something here: there is an annotator, and the folder can be written to. */
export async function mayAnnotate(
  annotating: Annotating | undefined,
  folder: string,
): Promise<Annotating | undefined> {
  if (annotating === undefined) return undefined;
  return access(folder, constants.W_OK).then(
    () => annotating,
    () => undefined,
  );
}
