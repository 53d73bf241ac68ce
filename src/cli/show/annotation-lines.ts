import { type Annotation, annotatorKey } from "../../annotation/annotation.ts";
import { readAnnotations, skippedWords } from "../../annotation/annotation-file.ts";
import type { Host } from "../terminal/host.ts";
import { tell } from "../terminal/text.ts";
import { pageFor } from "./show-record.ts";

function words(said: Annotation): string {
  switch (said.kind) {
    case "thumbs":
      return `thumbs ${said.thumbs}`;
    case "tag":
      return `tag ${said.tag}`;
    case "note":
      return `note: ${said.note}`;
    case "turn": {
      const { turn, verdict, fault, note } = said;
      const kind = fault === undefined ? "" : ` (${fault})`;
      return `turn ${turn} is ${verdict}${kind}${note === undefined ? "" : `: ${note}`}`;
    }
  }
}

/**
 * What is said of a trajectory or an episode, each with who said it and when; nothing when nothing is. What was said
 * blind is left out, as in the page: it would lead those astray who have still to judge (section 8).
 */
export async function annotationLines(directory: string, id: string, host: Host): Promise<readonly string[]> {
  const { of, skipped } = await readAnnotations(directory);
  for (const line of skipped) tell(host.stderr, skippedWords(directory, line));
  const said = (of.get(id) ?? []).filter((each) => each.kind !== "turn" || each.blind !== true);
  if (said.length === 0) return [];
  const { heading, lines } = pageFor(host);
  return [
    "",
    ...heading("Said of it"),
    ...said.flatMap((each) => lines(`${annotatorKey(each)}, ${each.at.slice(0, 10)}: ${words(each)}`, 2)),
  ];
}
