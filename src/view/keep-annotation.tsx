import type { Context } from "hono";
import { type Annotation, annotationSchema } from "../annotation/annotation.ts";
import { appendAnnotation } from "../annotation/annotation-file.ts";
import { type Answer, page } from "./answer.tsx";
import { MessagePage } from "./pages/message.tsx";
import { type Annotating, mayAnnotate } from "./read-annotations.ts";

/** Bytes of a form; a note has 20,000 characters at most. */
const LONGEST_FORM = 256 * 1024;

const READ_ONLY = "Nothing can be said here: the folder cannot be written to, or the pages are read-only.";

/** The fields of a form; undefined for one that is too long, or none. */
export async function formOf({ req }: Context): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (Number(req.header("content-length") ?? Number.POSITIVE_INFINITY) > LONGEST_FORM) return undefined;
  return req.parseBody().catch(() => undefined);
}

/** Answers that what a form says is not kept; without words, since nobody may say anything here. */
export function refused(context: Context, text = READ_ONLY): Answer {
  return page(context, <MessagePage title="This was not kept" text={text} />, 400);
}

function textOf(posted: Readonly<Record<string, unknown>>, name: string): string {
  const value = posted[name];
  return typeof value === "string" ? value.replace(/\r\n?/g, "\n").trim() : "";
}

/** What of a form depends on its kind. */
function saidIn(kind: string, text: (name: string) => string): object {
  switch (kind) {
    case "thumbs":
      return { thumbs: text("thumbs") || null };
    case "tag":
      return { tag: text("tag"), on: text("on") !== "" };
    case "note":
      return { note: text("note") || null };
    default: {
      const [verdict, fault, note] = [text("verdict"), text("fault"), text("note")];
      return {
        turn: Number(text("turn") || Number.NaN),
        verdict: verdict || null,
        // A turn that is right has no fault.
        ...(fault === "" || verdict !== "wrong" ? {} : { fault }),
        ...(note === "" || verdict === "" ? {} : { note }),
      };
    }
  }
}

/** The annotation that a form of a page asks for; undefined when it is none. */
function postedAnnotation(
  posted: Readonly<Record<string, unknown>>,
  said: Pick<Annotation, "at" | "by" | "id">,
): Annotation | undefined {
  const kind = textOf(posted, "kind");
  return annotationSchema.safeParse({ kind, ...said, ...saidIn(kind, (name) => textOf(posted, name)) }).data;
}

/** What a form is about. */
interface Annotated {
  /** The folder of the run or the evaluation. */
  readonly folder: string;
  readonly id: string;
  /** Where the form stood: of the whole thing, or of a turn. */
  readonly href: (turn: number | undefined) => string | Promise<string>;
}

/** Keeps what a form says of a trajectory or an episode, and leads back to where it stood. */
export async function keepAnnotation(
  context: Context,
  annotating: Annotating | undefined,
  { folder, id, href }: Annotated,
): Promise<Response> {
  const who = await mayAnnotate(annotating, folder);
  if (who === undefined) return refused(context);
  const said = { at: new Date().toISOString(), by: who.annotator, id };
  const annotation = postedAnnotation((await formOf(context)) ?? {}, said);
  if (annotation === undefined) return refused(context, "A tag is one line of at most 60 characters.");
  await appendAnnotation(folder, annotation);
  return context.redirect(await href(annotation.kind === "turn" ? annotation.turn : undefined), 303);
}
