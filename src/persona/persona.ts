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

/** Above every number that {@link markOf} gives. */
export const MARKS = 2 ** 52;

/** A number for a persona's id, so that many can be held: 52 bits, which two ids share by hardly any chance. */
export function markOf(id: string): number {
  let [high, low] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < id.length; at += 1) {
    high = Math.imul(high ^ id.charCodeAt(at), 0x01000193);
    low = Math.imul(low ^ id.charCodeAt(at), 0x5bd1e995);
    low ^= low >>> 15;
  }
  return ((high ^ (high >>> 15)) & 0xfffff) * 2 ** 32 + (low >>> 0);
}
