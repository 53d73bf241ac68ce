import type { ReplyPart } from "./chat-wire.ts";

const KEY = '"content":';

/** What stood around the text of an event. */
interface Frame {
  readonly head: string;
  readonly tail: string;
}

/**
 * Reads the events of one stream like `read`, at about a third of the cost. The events of a stream mostly differ
 * in the text alone, so an event that begins and ends like the last one has only its text parsed. The result is
 * the same: what stands between a known beginning and a known end and is one JSON string is the text.
 */
export function deltaShortcut(read: (data: string) => ReplyPart): (data: string) => ReplyPart {
  let frame: Frame | undefined;
  return (data) => {
    const text = frame === undefined ? undefined : textWithin(frame, data);
    if (text !== undefined) return text === "" ? {} : { text };
    const part = read(data);
    // An event that also brings something else, such as usage, must be read in full each time.
    if (part.text !== undefined && Object.keys(part).length === 1) frame = frameOf(data, part.text);
    return part;
  };
}

function textWithin({ head, tail }: Frame, data: string): string | undefined {
  const end = data.length - tail.length;
  // Comparing slices takes V8 an eighth of the time of `startsWith`, which reads character by character.
  if (end < head.length || data.slice(0, head.length) !== head || data.slice(end) !== tail) return undefined;
  try {
    const value: unknown = JSON.parse(data.slice(head.length, end));
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The frame of an event whose text is known; undefined when the text cannot be told apart with certainty. The
 * key cannot stand inside a JSON string, where its quotes would be escaped, so one occurrence is the text's own.
 */
function frameOf(data: string, text: string): Frame | undefined {
  const at = data.indexOf(KEY);
  if (at === -1 || data.indexOf(KEY, at + 1) !== -1) return undefined;
  const start = at + KEY.length;
  const literal = JSON.stringify(text);
  if (!data.startsWith(literal, start)) return undefined;
  return { head: data.slice(0, start), tail: data.slice(start + literal.length) };
}
