/** 0 right, 1 down, 2 left, 3 up. */
export type Direction = 0 | 1 | 2 | 3;

/** All directions, in clockwise order. */
export const DIRECTIONS: readonly Direction[] = [0, 1, 2, 3];

/** How much x changes with one move forward. */
export const STEP_X = [1, 0, -1, 0] as const;

/** How much y changes with one move forward; y grows downwards. */
export const STEP_Y = [0, 1, 0, -1] as const;

const CLOCKWISE = [1, 2, 3, 0] as const;
const COUNTERCLOCKWISE = [3, 0, 1, 2] as const;
const BACKWARDS = [2, 3, 0, 1] as const;

/** The direction after a turn to the right. */
export function clockwise(direction: Direction): Direction {
  return CLOCKWISE[direction];
}

/** The direction after a turn to the left. */
export function counterclockwise(direction: Direction): Direction {
  return COUNTERCLOCKWISE[direction];
}

/** The direction of the way back. */
export function opposite(direction: Direction): Direction {
  return BACKWARDS[direction];
}

/** The direction with this number, which must be 0 to 3. */
export function toDirection(number: number): Direction {
  const direction = DIRECTIONS[number];
  if (direction === undefined) throw new RangeError(`no direction has the number ${number}`);
  return direction;
}
