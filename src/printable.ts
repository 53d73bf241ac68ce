/**
 * What a terminal would act upon or hide: control characters but the line break, line separators, marks that turn the
 * direction of writing, characters without width, and tags. A joiner is let be in emojis and in scripts whose letters
 * need it.
 */
const UNPRINTABLE =
  /[^\P{Cc}\n]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|(?<![\p{Lo}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]/gu;

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/**
 * A text whose every character may be sent to a terminal and is seen there: model-written text can hold escape
 * sequences, or turn what follows around. What may not is shown as JavaScript writes it, `\u202e`.
 */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/\t/g, "  ").replace(UNPRINTABLE, escaped);
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", " ");
}

/** A text as one word of a command, ready to be pasted into a shell. */
export function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
