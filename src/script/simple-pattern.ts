/** The characters that one place in a pattern accepts. */
export interface CharacterSet {
  /** Whether it accepts the characters that are not listed instead of those that are. */
  readonly isNegated: boolean;
  readonly ranges: readonly CharacterRange[];
  /** Listed beside the ranges: expressions for what `\d`, `\w` and `\s` mean beyond ASCII. */
  readonly beyondAscii: readonly RegExp[];
  /** For each code point of ASCII 1 if it is accepted, because nearly all texts are of these. */
  readonly ascii: Uint8Array;
}

/** Code points, both of them included. */
export interface CharacterRange {
  readonly first: number;
  readonly last: number;
}

/** A piece of a simple pattern. */
export type SimplePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "set"; readonly set: CharacterSet }
  /** `*` or `+` behind a set. */
  | {
      readonly kind: "repeat";
      readonly set: CharacterSet;
      readonly isRequired: boolean;
      readonly isLazy: boolean;
    }
  /** `?` behind a set or a group. */
  | { readonly kind: "option"; readonly part: SimplePart; readonly isLazy: boolean }
  /** `capture` is its place among the capturing groups; undefined for `(?:…)`. */
  | {
      readonly kind: "group";
      readonly capture: number | undefined;
      readonly alternatives: readonly (readonly SimplePart[])[];
    };

/**
 * A pattern that is a sequence of characters and sets, groups and alternations, in which nothing that repeats is
 * repeated again. Nearly all patterns of actions are.
 */
export interface SimplePattern {
  readonly parts: readonly SimplePart[];
  /** The names of its capturing groups, in order; undefined for a group without one. */
  readonly groups: readonly (string | undefined)[];
  /** In how many ways it can match a text of usual length, at most. */
  readonly ways: number;
}

/** The set of the characters that are listed, or that of all others. */
export function characterSet(
  isNegated: boolean,
  ranges: readonly CharacterRange[],
  beyondAscii: readonly RegExp[],
): CharacterSet {
  const ascii = new Uint8Array(128);
  if (isNegated) ascii.fill(1);
  for (const { first, last } of ranges) ascii.fill(isNegated ? 0 : 1, first, last + 1);
  return { isNegated, ranges, beyondAscii, ascii };
}

/** Whether the set accepts the character with this code point. */
export function acceptsCharacter(
  { isNegated, ranges, beyondAscii, ascii }: CharacterSet,
  code: number,
): boolean {
  if (code < ascii.length) return ascii[code] === 1;
  if (ranges.some(({ first, last }) => code >= first && code <= last)) return !isNegated;
  const character = String.fromCodePoint(code);
  return beyondAscii.some((listed) => listed.test(character)) ? !isNegated : isNegated;
}
