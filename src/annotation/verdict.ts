// Without a schema, since pages use it in a browser too.

/** What is said of a player's turn: whether it may stay as it is, or must be refined (section 8). */
export const VERDICTS = ["right", "wrong"] as const;
/** One of {@link VERDICTS}. */
export type TurnVerdict = (typeof VERDICTS)[number];
/** What is said of a whole trajectory. */
export const THUMBS = ["up", "down"] as const;
/** One of {@link THUMBS}. */
export type Thumbs = (typeof THUMBS)[number];
/** What can be wrong with a player's turn: the three flags that a dungeon master has (App. M). */
export const FAULT_KINDS = ["parameter", "place", "logic"] as const;

/** What makes a turn wrong: what people and models are told, in the sense in which a dungeon master flags (App. M). */
export const WHAT_IS_WRONG: readonly string[] = [
  "Parameter: the action has not the form of an available action, or names something that its lists do not have.",
  "Place: it cannot be done where the player is.",
  "Logic: as things stand it cannot be done, changes nothing and tells nothing, or only leads back to what was before.",
];
