import { AgentRefineError } from "../errors.ts";
import { type Annotation, tagSchema } from "./annotation.ts";
import { type Annotations, readAnnotations, type SkippedLine } from "./annotation-file.ts";
import { THUMBS } from "./verdict.ts";

/** What the annotations of a trajectory may be asked for. */
type Condition = (annotation: Annotation) => boolean;

/** Which trajectories or episodes are taken, by what is said of them. */
export interface AnnotationSelection {
  /** Those only of which all of this is said: `tag=NAME`, `thumbs=up`, `thumbs=down`, `note`, `annotator=NAME`. */
  readonly only?: readonly string[] | undefined;
  /** Those only of which none of this is said. */
  readonly without?: readonly string[] | undefined;
}

const FORMS = "tag=NAME, thumbs=up, thumbs=down, note or annotator=NAME";

/**
 * Reads a condition such as `tag=good`.
 *
 * @throws AgentRefineError when it is none
 */
export function readCondition(text: string): Condition {
  const [, name, value] = /^(\w+)(?:=(.*))?$/s.exec(text.trim()) ?? [];
  if (name === "note" && value === undefined) return ({ kind }) => kind === "note";
  if (name === "tag" && tagSchema.safeParse(value).success) {
    return (annotation) => annotation.kind === "tag" && annotation.tag === value;
  }
  const thumbs = THUMBS.find((each) => name === "thumbs" && each === value);
  if (thumbs !== undefined) {
    return (annotation) => annotation.kind === "thumbs" && annotation.thumbs === thumbs;
  }
  if (name === "annotator" && value !== undefined && value !== "") return ({ by }) => by === value;
  throw new AgentRefineError(`"${text}" is not ${FORMS}`);
}

/** Whether a selection lets everything pass. */
export function selectsAll({ only = [], without = [] }: AnnotationSelection): boolean {
  return only.length === 0 && without.length === 0;
}

/** A selection as words: `only tag=good; without thumbs=down`. */
export function selectionWords({ only = [], without = [] }: AnnotationSelection): string {
  const parts = [
    only.length === 0 ? [] : [`only ${only.join(" and ")}`],
    without.length === 0 ? [] : [`without ${without.join(" or ")}`],
  ];
  return parts.flat().join("; ");
}

/** Whether a trajectory or an episode of this id is taken. Throws AgentRefineError for a condition that is none. */
export function annotationFilter(
  { of }: Annotations,
  { only = [], without = [] }: AnnotationSelection,
): (id: string) => boolean {
  const [wanted, unwanted] = [only.map(readCondition), without.map(readCondition)];
  return (id) => {
    const said = of.get(id) ?? [];
    return wanted.every((each) => said.some(each)) && !unwanted.some((each) => said.some(each));
  };
}

/** Those of some items that a selection takes. */
export interface Selected<Item> {
  readonly items: readonly Item[];
  readonly leftOut: number;
  readonly skipped: readonly SkippedLine[];
}

/** Selects among items of a run or an evaluation by the annotations in its folder. Throws AgentRefineError. */
export async function selectAnnotated<Item extends { readonly id: string }>(
  directory: string,
  items: readonly Item[],
  selection: AnnotationSelection,
): Promise<Selected<Item>> {
  if (selectsAll(selection)) return { items, leftOut: 0, skipped: [] };
  const annotations = await readAnnotations(directory);
  const takes = annotationFilter(annotations, selection);
  const taken = items.filter(({ id }) => takes(id));
  return { items: taken, leftOut: items.length - taken.length, skipped: annotations.skipped };
}
