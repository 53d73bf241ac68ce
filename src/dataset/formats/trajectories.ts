/** One line of the trajectories themselves, in the paper's wire form (App. L and M). */
export interface TrajectoryRow {
  readonly id: string;
  /** The persona's text. */
  readonly persona: string;
  /** The script as the model wrote it. */
  readonly script: unknown;
  /** The turns as the model wrote them, the dungeon master's thoughts and flags included. */
  readonly trajectory: readonly unknown[];
}

/** The row of a stored trajectory; of what is given only these four are kept, in this order. */
export function trajectoryRow({ id, persona, script, trajectory }: TrajectoryRow): TrajectoryRow {
  return { id, persona, script, trajectory };
}
