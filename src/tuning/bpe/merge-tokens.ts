import type { MergeTable } from "./merge-table.ts";
import { NumberHeap } from "./number-heap.ts";

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
