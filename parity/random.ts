import * as z from "zod";
import { NumpyRandom, Pcg64, seedWords } from "../src/environment/babyai/random/numpy-random.ts";
import { firstDifference, type RowReport } from "./replay.ts";

const range = z.tuple([z.number(), z.number(), z.number()]);
const listOfNumbers = z.array(z.number());
const permutations = z.array(z.tuple([z.number(), listOfNumbers]));
const randomRow = z.object({
  seed_decimal: z.string(),
  seedsequence_uint32_8: listOfNumbers,
  pcg64_state: z.string(),
  pcg64_inc: z.string(),
  raw_uint64: z.array(z.string()),
  integers: z.array(range),
  integers_0_6: listOfNumbers,
  random: listOfNumbers,
  uniform: z.array(range),
  mixed: z.array(
    z.union([
      z.tuple([z.enum(["integers", "uniform"]), z.number(), z.number(), z.number()]),
      z.tuple([z.literal("random"), z.number()]),
    ]),
  ),
  choice_10: listOfNumbers,
  permutation: permutations,
  shuffle_list: permutations,
});

/** NumPy shuffles with 32-bit words cut to the fewest bits, and draws again what is too great. */
function shuffled(random: NumpyRandom, length: number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i -= 1) {
    const mask = 2 ** Math.ceil(Math.log2(i + 1)) - 1;
    let j = i + 1;
    while (j > i) j = random.integer(0, 4294967296) & mask;
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

function rawWords(seed: bigint, count: number): string[] {
  const generator = new Pcg64(seed);
  return Array.from({ length: count }, () => {
    generator.advance();
    return ((BigInt(generator.high) << 32n) | BigInt(generator.low)).toString();
  });
}

type RandomRow = z.infer<typeof randomRow>;

/** Each recorded list began with a fresh generator. */
function drawAll(seed: bigint, recorded: RandomRow): Readonly<Record<string, unknown>> {
  const perItem = <Item, Drawn>(
    items: readonly Item[],
    draw: (random: NumpyRandom, item: Item) => Drawn,
  ): Drawn[] => {
    const random = new NumpyRandom(seed);
    return items.map((item) => draw(random, item));
  };
  const orders = (lists: RandomRow["permutation"]): unknown =>
    perItem(lists, (random, [length]) => [length, shuffled(random, length)]);
  return {
    integers: perItem(recorded.integers, (random, [low, high]) => [low, high, random.integer(low, high)]),
    integers_0_6: perItem(recorded.integers_0_6, (random) => random.integer(0, 6)),
    random: perItem(recorded.random, (random) => random.random()),
    uniform: perItem(recorded.uniform, (random, [low, high]) => [low, high, random.uniform(low, high)]),
    mixed: perItem(recorded.mixed, (random, call) => {
      if (call[0] === "random") return ["random", random.random()];
      const [kind, low, high] = call;
      return [kind, low, high, kind === "integers" ? random.integer(low, high) : random.uniform(low, high)];
    }),
    choice_10: perItem(recorded.choice_10, (random) => random.integer(0, 10)),
    permutation: orders(recorded.permutation),
    shuffle_list: orders(recorded.shuffle_list),
  };
}

/** Compares every stream of one recorded seed. */
export function replayRandom(row: unknown): RowReport {
  const recorded = randomRow.parse(row);
  const seed = BigInt(recorded.seed_decimal);
  const generator = new Pcg64(seed);
  const ours = {
    seed_decimal: seed.toString(),
    seedsequence_uint32_8: seedWords(seed, 8),
    pcg64_state: generator.state.toString(),
    pcg64_inc: generator.increment.toString(),
    raw_uint64: rawWords(seed, recorded.raw_uint64.length),
    ...drawAll(seed, recorded),
  };
  const differences = Object.entries(recorded).map(([field, value]) =>
    firstDifference({ [field]: value }, ours),
  );
  return {
    equal: differences.filter((difference) => difference === undefined).length,
    total: differences.length,
    difference: differences.find((difference) => difference !== undefined),
  };
}
