import { randomFor } from "../random.ts";
import type { TrainingExample } from "./training-example.ts";

/** How much of each part a mixture has. Both numbers must be exact. */
export interface MixtureSize {
  readonly agent: number;
  readonly general: number;
}

/** How many general rows go with so many agent rows: `ratio` general rows for each agent row (paper section 9). */
export function generalRows(agentRows: number, ratio: number): number {
  return Math.round(agentRows * ratio);
}

/**
 * Agent and general rows in one stream, each part in its own order. Every way of laying the two into each other is
 * equally likely under the seed, and nothing is held, so both sizes must be known beforehand.
 */
export async function* mixture(
  agent: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  general: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  size: MixtureSize,
  seed: number,
): AsyncGenerator<TrainingExample> {
  const random = randomFor(seed, "mixture");
  let agentLeft = size.agent;
  let generalLeft = size.general;
  const generals = iterate(general);
  const agents = iterate(agent);
  try {
    while (agentLeft + generalLeft > 0) {
      const takesGeneral = random.integer(agentLeft + generalLeft) < generalLeft;
      const next = await (takesGeneral ? generals : agents).next();
      if (next.done) throw new RangeError("a part of the mixture has fewer rows than were announced");
      if (takesGeneral) generalLeft -= 1;
      else agentLeft -= 1;
      yield next.value;
    }
  } finally {
    await Promise.all([generals.return(undefined), agents.return(undefined)]);
  }
}

async function* iterate<Row>(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Row> {
  yield* rows;
}
