/** Control characters but the line break, and those that turn the direction of writing. */
const UNPRINTABLE = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/** A text whose every character may be sent to a terminal: model-written text can hold escape sequences. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/\t/g, "  ").replace(UNPRINTABLE, "\ufffd");
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", " ");
}
