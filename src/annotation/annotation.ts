import * as z from "zod";
import { FAULT_KINDS, THUMBS, VERDICTS } from "./verdict.ts";

/** A text on one line without marks that nobody sees: control characters, turned writing, line separators. */
const ONE_LINE = /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+(?<!\s)$/u;

/** Checks the name of an annotator. */
export const annotatorNameSchema = z.string().max(100).regex(ONE_LINE);
/** Checks a tag. */
export const tagSchema = z.string().max(60).regex(ONE_LINE);
/** Checks the text of a note. */
const noteSchema = z
  .string()
  .min(1)
  .max(20_000)
  .refine((text) => text.trim() !== "");

const said = {
  /** When, in ISO 8601. */
  at: z.iso.datetime(),
  /** Who: a person's name, or a model's. */
  by: annotatorNameSchema,
  /** Whether it is a model that was asked. */
  judge: z.literal(true).exactOptional(),
  /** The id of a trajectory; of an episode, its suite, task and attempt as a JSON array. */
  id: z.string().min(1).max(2000),
};

const turnSchema = z.object({
  kind: z.literal("turn"),
  ...said,
  /** The number of the player's turn. */
  turn: z.int().nonnegative(),
  /** Null takes back what was said before. */
  verdict: z.enum(VERDICTS).nullable(),
  fault: z.enum(FAULT_KINDS).exactOptional(),
  note: noteSchema.exactOptional(),
  /** Given without having seen the dungeon master's flags, as section 8 asks for. */
  blind: z.literal(true).exactOptional(),
});

const thumbsSchema = z.object({
  kind: z.literal("thumbs"),
  ...said,
  /** Null takes them back. */
  thumbs: z.enum(THUMBS).nullable(),
});

const tagLineSchema = z.object({
  kind: z.literal("tag"),
  ...said,
  tag: tagSchema,
  /** False takes the tag back. */
  on: z.boolean(),
});

const noteLineSchema = z.object({
  kind: z.literal("note"),
  ...said,
  /** Null takes the note back. */
  note: noteSchema.nullable(),
});

/** Checks a line of `annotations.jsonl`. */
export const annotationSchema = z.discriminatedUnion("kind", [
  turnSchema,
  thumbsSchema,
  tagLineSchema,
  noteLineSchema,
]);

/**
 * What somebody said of a turn, a trajectory or an episode: a line of `annotations.jsonl`. A later line replaces an
 * earlier one of the same annotator and place, so that taking something back is a line too.
 */
export type Annotation = Readonly<z.infer<typeof annotationSchema>>;

/** What somebody said of a turn. */
export type TurnAnnotation = Extract<Annotation, { readonly kind: "turn" }>;

/** Who says something. A model is another one than a person of its name. */
export type Annotator = Pick<Annotation, "by" | "judge">;

/** An annotator as a text that no other has. */
export function annotatorKey({ by, judge }: Annotator): string {
  return judge === true ? `${by} (model)` : by;
}

/** What an annotation is about, with its annotator: of two with the same place, the later one counts. */
export function placeOf(annotation: Annotation): string {
  const { kind, id } = annotation;
  const within = kind === "turn" ? annotation.turn : kind === "tag" ? annotation.tag : null;
  const isBlind = kind === "turn" && annotation.blind === true;
  return JSON.stringify([annotatorKey(annotation), id, kind, within, isBlind]);
}

/** Whether an annotation only takes back an earlier one. */
export function isWithdrawal(annotation: Annotation): boolean {
  switch (annotation.kind) {
    case "turn":
      return annotation.verdict === null;
    case "thumbs":
      return annotation.thumbs === null;
    case "tag":
      return !annotation.on;
    case "note":
      return annotation.note === null;
  }
}
