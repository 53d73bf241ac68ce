import type { ChatModel } from "../../src/model/chat-model.ts";
import { synthesizeLive } from "../../src/synthesis/live.ts";
import { addCall, addSynthesis, EMPTY_TALLY, type Tally } from "../../src/synthesis/tally.ts";
import { soleTeam } from "../../src/synthesis/writers.ts";
import { authorModel } from "../support/author-model.ts";
import type { Benchmark, Row } from "../support/benchmark.ts";
import { pending } from "../support/personas.ts";

/** The same model for a client that does not look at a reply before it is whole. */
function withoutWatch(model: ChatModel): ChatModel {
  return {
    name: model.name,
    chat: (request, options) =>
      model.chat(request, options?.stop === undefined ? {} : { stop: options.stop }),
  };
}

async function tallyOfRun(model: ChatModel, count: number): Promise<Tally> {
  let tally = EMPTY_TALLY;
  const pause = await synthesizeLive([{ team: soleTeam(model, 64), personas: pending(count) }], {
    maximumCalls: 4,
    errors: "refined",
    costOf: () => 0,
    stop: new AbortController().signal,
    keepCall: async (call) => {
      tally = addCall(tally, call);
    },
    keepSynthesis: async (record) => {
      tally = addSynthesis(tally, record);
    },
  });
  if (pause !== undefined) throw pause.error;
  return tally;
}

function tokensFor({ completionTokens, outcomes }: Tally): number {
  return completionTokens / outcomes.accepted;
}

function rowOf(name: string, tally: Tally, unwatched: Tally): Row {
  const { outcomes, calls } = tally;
  const ended = outcomes.accepted + outcomes.rejected;
  return {
    name,
    figures: [
      tokensFor(tally),
      tally === unwatched ? null : (1 - tokensFor(tally) / tokensFor(unwatched)) * 100,
      calls / outcomes.accepted,
      (outcomes.accepted / ended) * 100,
    ],
  };
}

/** Tokens that stopping at the first fault saves. */
export const tokens: Benchmark = {
  name: "tokens",
  question:
    "How many output tokens does an accepted trajectory cost, with and without stopping at the first fault?",
  async run({ quick, progress }) {
    const count = quick ? 200 : 2_000;
    const rows: Row[] = [];
    for (const faultFactor of [1, 2]) {
      const model = authorModel(faultFactor);
      const rate = faultFactor === 1 ? "usual faults" : `${faultFactor} times the faults`;
      progress(`${rate}, read to the end`);
      const unwatched = await tallyOfRun(withoutWatch(model), count);
      progress(`${rate}, stopped at the first fault`);
      const watched = await tallyOfRun(model, count);
      rows.push(rowOf(`${rate}, read to the end`, unwatched, unwatched));
      rows.push(rowOf(`${rate}, stopped at the first fault`, watched, unwatched));
    }
    return {
      method: `${count} personas with the offline author, at most 4 calls each; all tokens of a run, those of rejected personas too, divided by its accepted trajectories.`,
      columns: [
        { title: "output tokens", digits: 0 },
        { title: "saved %", digits: 1 },
        { title: "calls", digits: 2 },
        { title: "personas accepted %", digits: 1 },
      ],
      rows,
      goals: [],
      packages: [],
    };
  },
};
