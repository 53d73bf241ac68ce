import type { FakeEpisode } from "./fake-gateway.ts";

/** An invented episode of one of AgentBoard's tasks. */
export const LAMP_EPISODE: FakeEpisode = {
  kind: "boil",
  variation: 5,
  description: "Your task is to light the lamp.",
  sight: "This room is called the shed. In it, you see: \n\ta lamp\n\ta match",
  belongings: "In your inventory, you see:\n\tnothing\n",
  steps: [
    { action: "pick up match", observation: "You move the match to the inventory.", score: 0.25, moves: 1 },
    { action: "look in shed", observation: "A \\ and a\rline\n\twith é.", score: 0.25, moves: 2 },
    {
      action: "use match on lamp",
      observation: "The lamp is now lit.",
      score: 1,
      completed: true,
      moves: 3,
    },
    { action: "focus on moth", observation: "You focus on the moth.", score: -1, moves: 4 },
  ],
};
