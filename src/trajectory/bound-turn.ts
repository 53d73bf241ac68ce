import { ERRORS, NO_ERROR } from "./compact-wire.ts";
import type { BoundWire } from "./turn-wires.ts";

/** What a value of a turn is bound to: any text, a number from 0 to 1, true or false, or one of some JSON values. */
export type BoundValue = "text" | "rate" | "flag" | readonly (string | boolean)[];

/** The keys of a turn in their order, behind its number. */
export type BoundTurn = Readonly<Record<string, BoundValue>>;

/**
 * What a dungeon master's turn says of the player's before it: nothing is wrong, it judges as it likes, or it refuses
 * what is no available action.
 */
export type Judgement = "calm" | "judging" | "refusing";

const FLAGS: Readonly<Record<Judgement, readonly [BoundValue, BoundValue]>> = {
  calm: [[false], [false]],
  judging: ["flag", "flag"],
  refusing: [[true], "flag"],
};
const WORDS: Readonly<Record<Judgement, BoundValue>> = {
  calm: [NO_ERROR],
  judging: [NO_ERROR, ...ERRORS],
  refusing: ["parameter"],
};

/** The turns of each form of {@link BoundWire}. */
export const BOUND_TURNS: Readonly<
  Record<
    BoundWire,
    { readonly dungeonMaster: (judgement: Judgement) => BoundTurn; readonly player: BoundTurn }
  >
> = {
  paper: {
    dungeonMaster: (judgement) => {
      const [parameter, others] = FLAGS[judgement];
      return {
        ...{ role: ["DM"], Thought: "text", Observation: "text" },
        ...{ parameter_error: parameter, place_error: others, logic_error: others },
        ...{ progress_rate: "rate", finished: "flag" },
      };
    },
    player: { role: ["Player"], Thought: "text", Action: "text" },
  },
  compact: {
    dungeonMaster: (judgement) => ({
      Thought: "text",
      Observation: "text",
      error: WORDS[judgement],
      progress: "rate",
    }),
    player: { Thought: "text", Action: "text" },
  },
};
