import fc from "fast-check";
import { lighthouseTurns } from "../../trajectory/testing/examples.ts";
import { turnToWire } from "../../trajectory/wire.ts";

type WireObject = Readonly<Record<string, unknown>>;
type Mutation = (turns: readonly WireObject[]) => readonly WireObject[];

/** The example trajectory as plain objects, which Algorithm 1 accepts. */
export const wireTurns: readonly WireObject[] = lighthouseTurns.map(turnToWire).map((turn) => ({ ...turn }));

const arbitraryIndex = fc.nat(wireTurns.length - 1);

function change(index: number, how: (turn: WireObject) => WireObject): Mutation {
  return (turns) => turns.map((turn, at) => (at === index ? how(turn) : turn));
}

function withoutKey(turn: WireObject, place: number): WireObject {
  const keys = Object.keys(turn);
  return Object.fromEntries(Object.entries(turn).filter(([key]) => key !== keys[place % keys.length]));
}

const FLAGS = ["parameter_error", "place_error", "logic_error"] as const;
const ACTIONS = ["go to lantern room", "open locker", "go to cellar", "fly", "take oil can from workbench!"];

const arbitraryMutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(arbitraryIndex, fc.nat()).map(([at, key]) => change(at, (turn) => withoutKey(turn, key))),
  fc
    .tuple(arbitraryIndex, fc.constantFrom(...FLAGS))
    .map(([at, flag]) => change(at, (turn) => (flag in turn ? { ...turn, [flag]: !turn[flag] } : turn))),
  fc
    .tuple(arbitraryIndex, fc.constantFrom(...ACTIONS))
    .map(([at, action]) => change(at, (turn) => ("Action" in turn ? { ...turn, Action: action } : turn))),
  arbitraryIndex.map((at) => change(at, (turn) => ({ ...turn, note: "extra" }))),
  arbitraryIndex.map((at) => (turns: readonly WireObject[]) => turns.slice(0, at)),
  fc.constant((turns: readonly WireObject[]) =>
    turns.map((turn) =>
      "finished" in turn ? { ...turn, parameter_error: false, place_error: false, logic_error: false } : turn,
    ),
  ),
);

/** The turns of the example, changed in up to three ways. */
export const arbitraryWireTurns: fc.Arbitrary<readonly WireObject[]> = fc
  .array(arbitraryMutation, { maxLength: 3 })
  .map((mutations) => mutations.reduce((turns, mutate) => mutate(turns), wireTurns));

/** The text of such turns, cut off or with a character put in now and then. */
export const arbitraryReply: fc.Arbitrary<string> = fc
  .tuple(
    arbitraryWireTurns,
    fc.option(fc.tuple(fc.nat(), fc.constantFrom("cut", ...'"{}[],\\x'))),
    fc.constantFrom(["", ""], ["```json\n", "\n```"], ['{"trajectory":', "}"], ["<think>[{}]</think>\n", ""]),
  )
  .map(([turns, damage, [before, after]]) => {
    const text = before + JSON.stringify(turns) + after;
    if (damage === null) return text;
    const [place, kind] = damage;
    const at = place % text.length;
    return text.slice(0, at) + (kind === "cut" ? "" : kind + text.slice(at));
  });
