import { rankOf } from "../random.ts";
import type { Persona } from "./persona.ts";

interface Drawn {
  readonly rank: number;
  readonly persona: Persona;
}

function byRank(one: Drawn, other: Drawn): number {
  return one.rank - other.rank || (one.persona.id < other.persona.id ? -1 : 1);
}

/**
 * A random sample of `count` personas, each equally likely, that depends on the seed and on which personas there
 * are but not on their order. A larger sample of the same seed begins with the smaller one. Never more than
 * twice `count` personas are held: when there are so many, those that cannot be in the sample any more are let
 * go, which costs a sort every `count` personas at most.
 */
export async function samplePersonas(
  personas: AsyncIterable<Persona>,
  count: number,
  seed: string,
): Promise<readonly Persona[]> {
  let drawn: Drawn[] = [];
  /** Once `count` are held, a rank above this cannot be in the sample. */
  let bound = Number.POSITIVE_INFINITY;
  for await (const persona of personas) {
    const rank = rankOf(seed, "sample", persona.id);
    if (rank > bound) continue;
    drawn.push({ rank, persona });
    if (drawn.length < 2 * count) continue;
    drawn = drawn.sort(byRank).slice(0, count);
    bound = drawn.at(-1)?.rank ?? Number.NEGATIVE_INFINITY;
  }
  return drawn
    .sort(byRank)
    .slice(0, count)
    .map(({ persona }) => persona);
}
