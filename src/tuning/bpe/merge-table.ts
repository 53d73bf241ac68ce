/** Two neighbouring tokens, and the token that they become. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  readonly merged: number;
}

/** Which neighbouring tokens are merged, into which, and which first. */
export interface MergeTable {
  /** The place of a pair in the order of merges, or -1 when it is not merged. */
  rank(left: number, right: number): number;
  /** The token that the pair of a rank becomes. */
  merged(rank: number): number;
}

/** What a slot holds: the pair's tokens and its rank. */
const SLOT = 3;
const EMPTY = -1;

/**
 * A table of merges in the order of their rank. It is one typed array with open addressing, because it is asked for
 * every pair of neighbours, and a Map would need a text or a large number for each question.
 */
export function mergeTable(merges: readonly Merge[]): MergeTable {
  const bits = Math.max(4, Math.ceil(Math.log2(merges.length + 1)) + 1);
  const mask = 2 ** bits - 1;
  const slots = new Int32Array(2 ** bits * SLOT).fill(EMPTY);
  const results = Int32Array.from(merges, ({ merged }) => merged);
  const home = (left: number, right: number): number => {
    const hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & mask;
  };
  /** Where the pair is, or where it would be put. */
  const find = (left: number, right: number): number => {
    let slot = home(left, right);
    for (;;) {
      const at = slot * SLOT;
      if (slots[at] === EMPTY || (slots[at] === left && slots[at + 1] === right)) return at;
      slot = (slot + 1) & mask;
    }
  };
  for (const [rank, { left, right }] of merges.entries()) slots.set([left, right, rank], find(left, right));
  return {
    rank: (left, right) => slots[find(left, right) + 2] ?? EMPTY,
    merged: (rank) => results[rank] ?? EMPTY,
  };
}
