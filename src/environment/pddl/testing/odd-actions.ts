/** Texts that a careless agent may write in the PDDL games. */
export const ODD_PDDL_ACTIONS: readonly string[] = [
  "check",
  "CHECK VALID ACTIONS.",
  "look around",
  "pick",
  "pick ball1 ball1 ball1",
  "move rooma rooma",
  "stack b1 b1",
  "grasp shot1 left. Then leave left shot1.",
  "open boot boot boot",
  "fill-shot shot1 ingredient1 left left dispenser1",
  "inflate ) ( [ ] '' \" `` ... r1 !",
];
