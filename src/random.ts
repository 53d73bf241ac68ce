/** A stream of pseudo-random draws that is wholly determined by its seed. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, bound). */
  integer(bound: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of `items`, which must not be empty. */
  pick<Item>(items: readonly Item[]): Item;
  /** The items in a random order; `items` stays as it is. */
  shuffle<Item>(items: readonly Item[]): Item[];
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit hash of a text, independent for each `salt`. Not for secrets. */
export function hash32(text: string, salt = 0): number {
  let hash = mix(0x811c9dc5 ^ salt);
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash ^ text.length);
}

/** {@link hash32} with the salts 1, 2 and 3. Side by side they take the time of one, and a text can be a whole prompt. */
function hashesOf(text: string): [number, number, number] {
  let a = mix(0x811c9dc5 ^ 1);
  let b = mix(0x811c9dc5 ^ 2);
  let c = mix(0x811c9dc5 ^ 3);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000193);
    c = Math.imul(c ^ code, 0x01000193);
  }
  return [mix(a ^ text.length), mix(b ^ text.length), mix(c ^ text.length)];
}

/**
 * The place of an item in the order of a seed, independent for each purpose: 53 bits that look random, so that equal
 * places are rare. Who takes the first so many by it has a sample of which smaller ones are parts.
 */
export function rankOf(seed: string | number, purpose: string, item: string): number {
  const text = `${seed}\u0000${purpose}\u0000${item}`;
  return hash32(text, 1) * 2 ** 21 + (hash32(text, 2) >>> 11);
}

/**
 * The random stream of (seed, item, purpose, …). Each use draws from a stream of its own, so that results do
 * not depend on the order in which calls finish.
 */
export function randomFor(...parts: readonly (string | number)[]): Random {
  let [a, b, c] = hashesOf(parts.join("\u0000"));
  let counter = 1;
  // The "small fast counting" generator (sfc32).
  const draw = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i += 1) draw();
  const integer = (bound: number): number => Math.floor(draw() * bound);
  return {
    next: draw,
    integer,
    chance: (probability) => draw() < probability,
    pick: (items) => {
      const item = items[integer(items.length)];
      if (item === undefined) throw new RangeError("cannot pick from an empty list");
      return item;
    },
    shuffle: (items) => {
      const order = [...items];
      for (let i = order.length - 1; i > 0; i -= 1) {
        const j = integer(i + 1);
        const held = order[i];
        const other = order[j];
        if (held !== undefined && other !== undefined) {
          order[i] = other;
          order[j] = held;
        }
      }
      return order;
    },
  };
}
