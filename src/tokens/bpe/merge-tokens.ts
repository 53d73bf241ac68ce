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

/** A heap of numbers, of which the lowest comes out first. */
export class NumberHeap {
  readonly #numbers: number[] = [];

  push(number: number): void {
    const numbers = this.#numbers;
    let at = numbers.length;
    numbers.push(number);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = numbers[parent] ?? number;
      if (above <= number) break;
      numbers[at] = above;
      at = parent;
    }
    numbers[at] = number;
  }

  /** Takes the lowest number out; undefined when there is none. */
  pop(): number | undefined {
    const numbers = this.#numbers;
    const lowest = numbers[0];
    const last = numbers.pop();
    if (last === undefined || numbers.length === 0) return lowest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if ((numbers[child + 1] ?? Number.POSITIVE_INFINITY) < (numbers[child] ?? Number.POSITIVE_INFINITY))
        child += 1;
      const below = numbers[child];
      if (below === undefined || below >= last) break;
      numbers[at] = below;
      at = child;
    }
    numbers[at] = last;
    return lowest;
  }
}

/** Up to so many tokens, looking through all pairs for the best is faster than keeping them in a heap. */
const SHORT = 48;
/** A pair in the heap is its rank times this, plus its place: the lowest is the first pair of the lowest rank. */
const PLACES = 2 ** 27;

const NONE = -1;

/** The first place with the lowest rank, or -1 when there is none. */
function bestPlace(ranks: readonly number[]): number {
  let best = NONE;
  let lowest = Number.POSITIVE_INFINITY;
  for (let place = 0; place < ranks.length; place += 1) {
    const rank = ranks[place] ?? NONE;
    if (rank !== NONE && rank < lowest) {
      lowest = rank;
      best = place;
    }
  }
  return best;
}

/** Takes one number out of a short list; `splice` would make a list of what it takes out. */
function takeOut(numbers: number[], at: number): void {
  for (let place = at + 1; place < numbers.length; place += 1) numbers[place - 1] = numbers[place] ?? NONE;
  numbers.pop();
}

function mergeShort(tokens: number[], table: MergeTable): void {
  const rankAt = (place: number): number => table.rank(tokens[place] ?? NONE, tokens[place + 1] ?? NONE);
  const ranks: number[] = [];
  for (let place = 0; place < tokens.length - 1; place += 1) ranks.push(rankAt(place));
  for (let best = bestPlace(ranks); best !== NONE; best = bestPlace(ranks)) {
    tokens[best] = table.merged(ranks[best] ?? NONE);
    takeOut(tokens, best + 1);
    takeOut(ranks, best);
    if (best < ranks.length) ranks[best] = rankAt(best);
    if (best > 0) ranks[best - 1] = rankAt(best - 1);
  }
}

/** Merges with a heap of pairs and a list of neighbours, so that the time grows little more than the length. */
function mergeLong(tokens: number[], table: MergeTable): void {
  const end = tokens.length;
  const next = Int32Array.from(tokens, (_token, place) => place + 1);
  const before = Int32Array.from(tokens, (_token, place) => place - 1);
  const ranks = new Int32Array(end).fill(NONE);
  const heap = new NumberHeap();
  const rankPair = (place: number): void => {
    const follower = next[place] ?? end;
    const rank = follower < end ? table.rank(tokens[place] ?? NONE, tokens[follower] ?? NONE) : NONE;
    ranks[place] = rank;
    if (rank !== NONE) heap.push(rank * PLACES + place);
  };
  for (let place = 0; place < end; place += 1) rankPair(place);
  for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
    const place = key % PLACES;
    const rank = Math.floor(key / PLACES);
    // The pair has changed since: what it has become is in the heap by itself.
    if (ranks[place] !== rank) continue;
    const follower = next[place] ?? end;
    const after = next[follower] ?? end;
    tokens[place] = table.merged(rank);
    tokens[follower] = NONE;
    ranks[follower] = NONE;
    next[place] = after;
    if (after < end) before[after] = place;
    rankPair(place);
    const previous = before[place] ?? NONE;
    if (previous !== NONE) rankPair(previous);
  }
  let kept = 0;
  for (let place = 0; place < end; place = next[place] ?? end) {
    tokens[kept] = tokens[place] ?? NONE;
    kept += 1;
  }
  tokens.length = kept;
}

/**
 * Merges the tokens of a word in place, as byte-pair encoding does: of all neighbours always the pair of the lowest
 * rank, the first of several, until no pair can be merged.
 */
export function mergeTokens(tokens: number[], table: MergeTable): void {
  if (tokens.length <= SHORT) mergeShort(tokens, table);
  else mergeLong(tokens, table);
}
