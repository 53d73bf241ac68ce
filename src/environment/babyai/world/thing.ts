/** The six colours, in the order in which a level draws them. */
export const COLORS = ["blue", "green", "grey", "purple", "red", "yellow"] as const;

/** A colour of a thing. */
export type Color = (typeof COLORS)[number];

/** The things that can be carried, in the order in which a level draws them. */
export const PORTABLE_KINDS = ["key", "ball", "box"] as const;

/** What can be carried. */
export type PortableKind = (typeof PORTABLE_KINDS)[number];

/** What a mission can speak of. */
export type Kind = PortableKind | "door";

/** Whether one may pass a door; a locked one needs the key of its colour. */
export type DoorState = "open" | "closed" | "locked";

/** The states of a door by their number in a {@link World}. */
export const DOOR_STATES: readonly DoorState[] = ["open", "closed", "locked"];

/** The numbers of {@link DOOR_STATES}. */
export const OPEN = 0;
/** See {@link OPEN}. */
export const CLOSED = 1;
/** See {@link OPEN}. */
export const LOCKED = 2;

/** What never changes about a thing. Its place and a door's state are in the {@link World}. */
export interface Thing {
  readonly kind: Kind;
  readonly color: Color;
  /** The number of the thing inside a box. */
  readonly content?: number;
}
