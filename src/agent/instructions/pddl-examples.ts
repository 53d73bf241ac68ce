import type { ReAct } from "../../react.ts";

/** Turns that solve the small worlds of the PDDL games; that of blockworld begins with a mistake. */
const TURNS: ReadonlyMap<string, readonly ReAct[]> = new Map([
  [
    "gripper",
    [
      { thought: "The ball is in rooma, and I am in roomb.", action: "Move from roomb to rooma." },
      { thought: "My left gripper is free.", action: "Pick up ball1 at rooma with arm left." },
      { thought: "I have the ball and carry it to roomb.", action: "Move from rooma to roomb." },
      { thought: "Here it has to be.", action: "drop ball1 roomb left" },
    ],
  ],
  [
    "blockworld",
    [
      { thought: "b2 has to go on b1.", action: "Pickup b2." },
      { thought: "That failed, because b1 is on b2. I lift b1 first.", action: "Unstack b1 from b2." },
      { thought: "I put it down to have my arm free.", action: "Putdown b1." },
      { thought: "Now b2 is clear.", action: "Pickup b2." },
      { thought: "Only the last step is left.", action: "Stack b2 on b1." },
    ],
  ],
  [
    "barman",
    [
      { thought: "I need the shot glass in a hand.", action: "left grasp shot1." },
      {
        thought: "My right hand is empty, so I can fill it at the dispenser.",
        action: "fill-shot glass shot1 with ingredient1 with left and right holding dispenser1.",
      },
    ],
  ],
  [
    "tyreworld",
    [
      { thought: "The wrench is in the boot, which is closed.", action: "Open boot." },
      { thought: "Now I take the wrench.", action: "Fetch wrench from boot." },
      {
        thought: "The hub is on the ground, so I can loosen it.",
        action: "Loosen the nut nuts on the hub the-hub.",
      },
    ],
  ],
]);

/** The turns of a game's example. */
export function pddlExample(game: string): readonly ReAct[] {
  return TURNS.get(game) ?? [];
}
