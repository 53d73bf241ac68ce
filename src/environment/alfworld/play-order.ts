/** The seed that TextWorld's batches begin with. */
const SEED = 1234;
const SIZE = 624;
const AHEAD = 397;

/** The Mersenne Twister MT19937 of a seed, 32 bits a draw. */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(SIZE);
  state[0] = seed;
  for (let i = 1; i < SIZE; i += 1) {
    const last = state[i - 1] ?? 0;
    state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
  }
  let next = SIZE;
  const refill = (): void => {
    for (let i = 0; i < SIZE; i += 1) {
      const both = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % SIZE] ?? 0) & 0x7fffffff);
      state[i] = (state[(i + AHEAD) % SIZE] ?? 0) ^ (both >>> 1) ^ ((both & 1) === 0 ? 0 : 0x9908b0df);
    }
    next = 0;
  };
  return () => {
    if (next >= SIZE) refill();
    let drawn = state[next] ?? 0;
    next += 1;
    drawn ^= drawn >>> 11;
    drawn ^= (drawn << 7) & 0x9d2c5680;
    drawn ^= (drawn << 15) & 0xefc60000;
    return (drawn ^ (drawn >>> 18)) >>> 0;
  };
}

/** A number from 0 to `most`, as NumPy's legacy generator draws it: bits are masked, and too large ones drawn again. */
function upTo(most: number, draw: () => number): number {
  const mask = 2 ** Math.ceil(Math.log2(most + 1)) - 1;
  for (;;) {
    const drawn = (draw() & mask) >>> 0;
    if (drawn <= most) return drawn;
  }
}

/**
 * The order in which AgentBoard plays games that are sorted by their paths: TextWorld shuffles them as
 * `numpy.random.RandomState(1234).shuffle` does.
 */
export function inPlayOrder<Game>(sorted: readonly Game[]): readonly Game[] {
  const draw = mersenneTwister(SEED);
  const order = [...sorted];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = upTo(i, draw);
    const [held, other] = [order[i], order[j]];
    if (held === undefined || other === undefined) continue;
    order[i] = other;
    order[j] = held;
  }
  return order;
}
