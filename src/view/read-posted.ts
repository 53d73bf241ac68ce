import { type Annotation, annotationSchema } from "../annotation/annotation.ts";

/** The fields of a form that was sent. */
export type Posted = Readonly<Record<string, unknown>>;

function textOf(posted: Posted, name: string): string {
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
export function postedAnnotation(
  posted: Posted,
  said: Pick<Annotation, "at" | "by" | "id">,
): Annotation | undefined {
  const kind = textOf(posted, "kind");
  return annotationSchema.safeParse({ kind, ...said, ...saidIn(kind, (name) => textOf(posted, name)) }).data;
}
