import { createHash } from "node:crypto";

/** A sentence about a person: the seed of one world (Persona Hub; paper section 3.1). */
export interface Persona {
  /** Stable: the first 16 hexadecimal digits of the SHA-256 of the text. */
  readonly id: string;
  readonly text: string;
}

/**
 * The persona of a text. Space around the text and the two ways of writing a letter with an accent make no
 * difference: the text is trimmed and brought to Unicode's NFC.
 */
export function toPersona(text: string): Persona {
  const normal = text.trim().normalize("NFC");
  return { id: createHash("sha256").update(normal, "utf8").digest("hex").slice(0, 16), text: normal };
}
