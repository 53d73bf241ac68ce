import type { ReAct } from "../../react.ts";

/** A mistake, what the world says to it, and how it is put right. */
export const BABYAI_EXAMPLE: readonly ReAct[] = [
  { thought: "I see no door yet. I look around.", action: "turn right" },
  {
    thought: "There is the door. I open it.",
    action: "toggle and go through red locked door 1",
  },
  {
    thought: "It is locked, and I have no key. I saw a red key, which fits a red door.",
    action: "pickup red key 1",
  },
  {
    thought: "Now I have the key and the door is right before me.",
    action: "toggle and go through red locked door 1",
  },
];
