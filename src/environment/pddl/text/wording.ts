/**
 * How AgentBoard words predicates and actions, to the character, trailing blanks and odd sentences included; each
 * `{}` takes the next object. One list serves all games: where two games share a name, the wording of the later
 * one holds for both (hence "The {} is clear." for blocks and "Hub" nowhere for `free`).
 */
const WORDING: ReadonlyMap<string, string> = new Map([
  // blockworld
  ["arm-empty", "Your arm is empty."],
  ["on-table", "{} is on the table."],
  ["clear", "The {} is clear."],
  ["pickup", "Pickup {}."],
  ["putdown", "Putdown {}."],
  ["stack", "Stack {} on {}."],
  ["unstack", "Unstack {} from {}."],
  // blockworld and tyreworld
  ["on", "{} is on {}."],
  // tyreworld
  ["isopen", "{} is open."],
  ["closed", "{} is closed."],
  ["have", "You have {}."],
  ["in", "{} is in {}."],
  ["loose", "The nut {} on the hub {} is loose."],
  ["tight", "The nut {} on the hub {} is tight."],
  ["unlocked", "{} is unlocked."],
  ["on-ground", "Hub {} is on the ground."],
  ["not-on-ground", "Hub {} is not on the ground."],
  ["inflated", "Wheel {} is inflated."],
  ["not-inflated", "Wheel {} is not inflated."],
  ["fastened", "Hub {} is fastened."],
  ["unfastened", "Hub {} is unfastened."],
  ["intact", "Wheel {} is intact."],
  ["open", "Open {}."],
  ["close", "Close {}."],
  ["fetch", "Fetch {} from {}."],
  ["put-away", "Put-away {} in {}."],
  ["loosen", "Loosen the nut {} on the hub {}."],
  ["tighten", "Tighten the nut {} on the hub {}."],
  ["jack-up", "jack-up the hub {}."],
  ["jack-down", "Jack-down the hub {}."],
  ["undo", "Undo the fastening of the nut {} on the hub {}."],
  ["do-up", "Do-up the nut {} on the hub {}."],
  ["remove-wheel", "Remove-wheel {} from the hub {}."],
  ["put-on-wheel", "put-on-wheel {} on the hub {}."],
  ["inflate", "Inflate the wheel {}."],
  // gripper, and `free` of tyreworld
  ["ball", "{} is a ball. "],
  ["gripper", "{} is a gripper. "],
  ["at-robby", "Robby is at {}. "],
  ["at", "{} is at {}. "],
  ["free", "{} is free. "],
  ["carry", "{} is carrying {}. "],
  ["move", "Move from {} to {}. "],
  ["pick", "Pick up {} at {} with arm {}. "],
  // barman, and `holding` of blockworld
  ["ontable", "{} is on the table. "],
  ["holding", "You are holding {}. "],
  ["empty", "{} is empty. "],
  ["contains", "{} contains {}. "],
  ["clean", "{} is clean. "],
  ["used", "Pour {} from a shot glass to a used shaker {}"],
  ["dispenses", "{} dispenses {}. "],
  ["shaker-empty-level", "{} is at empty level {}. "],
  ["shaker-level", "{} is at level {}. "],
  ["next", "level {} is next to level {}. "],
  ["unshaked", "{} is unshaked. "],
  ["shaked", "{} is shaked. "],
  ["cocktail-part1", "{} part1 ingredient is {}. "],
  ["cocktail-part2", "{} part2 ingredient is {}. "],
  ["grasp", "{} grasp {}. "],
  ["leave", "{} leave {}. "],
  ["fill-shot", "fill-shot glass {} with {} with {} and {} holding {}. "],
  ["refill-shot", "refill-shot {} with {} with {} and {} holding {}. "],
  ["empty-shot", "use hand {} to empty-shot glass {} with beverage {}. "],
  ["clean-shot", "clean-shot glass {} with {} with hand {} holding shot glass and {}. "],
  [
    "pour-shot-to-clean-shaker",
    "pour-shot-to-clean-shaker from a shot glass {} with {} to a clean shaker {} with hand {} from level {} to level {}",
  ],
  [
    "pour-shot-to-used-shaker",
    "pour-shot-to-used-shaker from a shot glass {} with {} to a used shaker {} with hand {} from level {} to level {}",
  ],
  ["empty-shaker", "use hand {} to empty-shaker {} with ingredient {} from level {} to level {}."],
  ["clean-shaker", "use hand {} and hand {} to clean-shaker {}"],
  [
    "shake",
    "shake a cocktail {} with ingredient {} and ingredient {} in a shaker {} with hand {} and hand {}",
  ],
  [
    "pour-shaker-to-shot",
    "pour-shaker-to-shot to a shot glass {} the ingredient {} with hand {} from shaker {} from level {} to level {}",
  ],
]);

/** The wordings cut at their gaps. */
const PIECES: ReadonlyMap<string, readonly string[]> = new Map(
  [...WORDING].map(([name, wording]) => [name, wording.split("{}")]),
);

/**
 * The text of a fact or an action. Objects that the wording has no gap for are left out; a name without a wording
 * is written as `name object object`.
 */
export function wordingOf(name: string, objects: readonly string[]): string {
  const pieces = PIECES.get(name);
  if (pieces === undefined) return `${name} ${objects.join(" ")}`;
  let text = pieces[0] ?? "";
  for (let gap = 1; gap < pieces.length; gap += 1) text += (objects[gap - 1] ?? "") + (pieces[gap] ?? "");
  return text;
}

/** The first letter upper case, all others lower case: what Python's `capitalize` does. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}
