/** A sentence about a person: the seed of one world (Persona Hub; paper section 3.1). */
export interface Persona {
  /** Stable: the first 16 hexadecimal digits of the SHA-256 of the text. */
  readonly id: string;
  readonly text: string;
}
