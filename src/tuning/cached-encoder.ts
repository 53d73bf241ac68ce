/** How many pieces are remembered, and how long one may be to be. */
const MAXIMUM_PIECES = 200_000;
const MAXIMUM_PIECE = 64;

/** A copy of a text, so that a remembered piece does not hold on to the text from which it was cut. */
function copied(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/**
 * An encoder that cuts texts at special tokens and at places where that is known to change nothing, and remembers
 * the tokens of the pieces. Trajectories are made of few words, so most pieces are looked up.
 *
 * @param special matches every added token, globally
 * @param cuts matches where a text between special tokens can be cut
 */
export function cachedEncoder(
  encode: (text: string) => readonly number[],
  special: RegExp,
  cuts: RegExp,
): (text: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  const ofPiece = (piece: string): readonly number[] => {
    const found = known.get(piece);
    if (found !== undefined) return found;
    const ids = encode(piece);
    if (piece.length <= MAXIMUM_PIECE) {
      if (known.size >= MAXIMUM_PIECES) known.clear();
      known.set(copied(piece), ids);
    }
    return ids;
  };
  return (text) => {
    const ids: number[] = [];
    const push = (piece: string): void => {
      for (const id of ofPiece(piece)) ids.push(id);
    };
    let at = 0;
    const between = (end: number): void => {
      if (end > at) for (const piece of text.slice(at, end).split(cuts)) push(piece);
    };
    for (const match of text.matchAll(special)) {
      between(match.index);
      push(match[0]);
      at = match.index + match[0].length;
    }
    between(text.length);
    return ids;
  };
}
